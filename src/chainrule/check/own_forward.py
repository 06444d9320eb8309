"""The code's own forward pass: the function beside a backward one whose returned names are what that one asks for."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.given import OF_PARAMETERS, CallInputs
from chainrule.check.methods import is_forward as is_forward_by_name
from chainrule.check.names import role_of
from chainrule.check.parameter_roles import bind, given_to, is_stacked, unknown
from chainrule.check.sources import returned_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.parameter_roles import Parameter
    from chainrule.network.network import Network

FROM_FORWARD = ("", "value", "Y", "cache", "caches")  # what a forward pass may know better


@dataclass(frozen=True, eq=False)
class OwnForward:
    """A function, what it is given, and what it returns by name: "outputs" and "cache" where there is no name."""

    function: Any
    parameters: list[Parameter]
    returned: tuple[str, ...]
    stacked: bool

    def values(self, result: Any, given: CallInputs) -> dict[str, Any]:
        """What it returned, by name; scores before a softmax are no outputs."""
        parts = dict(zip(self.returned, result if len(self.returned) > 1 else (result,), strict=False))
        return parts if is_outputs(parts.get("outputs"), given) else parts | {"outputs": given.Y}


def own_forward(function: Any, net: Network, parameters: Sequence[Parameter]) -> OwnForward | None:
    """Find the forward pass that gives most of what a function's parameters ask for; None where there is none."""
    wanted = [one.name for one in parameters if one.role in FROM_FORWARD]
    beside = [
        one
        for one in getattr(function, "__globals__", {}).values()
        if isinstance(one, FunctionType) and one is not function and one.__globals__ is function.__globals__
    ]
    found = [(one, names) for one in beside if wanted and not set(names := returned_names(one)).isdisjoint(wanted)]
    for one, names in sorted(found, key=lambda pair: -len(set(pair[1]) & set(wanted))):
        takes = [parameter.name for parameter in asked_of(one)]
        stacked = is_stacked(takes, net)
        bound = bind(one, net, stacked=stacked)
        if not unknown(bound) and any(parameter.role == "X" for parameter in bound):
            return OwnForward(one, bound, names, stacked)
    if (found_cache := _of_cache(beside, net, parameters)) is not None:
        return found_cache
    return None if any(one.role in OF_PARAMETERS for one in parameters) else _of_outputs(beside, net, parameters)


def _of_cache(beside: Sequence[Any], net: Network, parameters: Sequence[Parameter]) -> OwnForward | None:
    """The forward pass, by its name, that returns what a backward one asks for under another name."""
    needing = [one.name for one in parameters if one.role in ("", "cache", "caches")]
    for one in (other for other in beside if is_forward_by_name(other.__name__) and len(needing) == 1):
        names, takes = returned_names(one), [parameter.name for parameter in asked_of(one)]
        stacked = is_stacked(takes, net)
        bound = bind(one, net, stacked=stacked)
        roles = {parameter.role for parameter in bound}
        if unknown(bound) or "X" not in roles or roles.isdisjoint(OF_PARAMETERS):
            continue
        if (len(names) == 1 and names[0] != "outputs") or "cache" in names:
            known_as = tuple(needing[0] if len(names) == 1 or name == "cache" else name for name in names)
            return OwnForward(one, bound, known_as, stacked)
    return None


def _of_outputs(beside: Sequence[Any], net: Network, parameters: Sequence[Parameter]) -> OwnForward | None:
    """The forward pass, by its name, of code that asks for outputs and not for parameters: it takes those."""
    if not any(one.role == "Y" for one in parameters):
        return None
    for one in (other for other in beside if is_forward_by_name(other.__name__)):
        names, bound = returned_names(one), bind(one, net)
        takes = {parameter.role for parameter in bound}
        if "outputs" in names and not unknown(bound) and "X" in takes and not takes.isdisjoint(OF_PARAMETERS):
            return OwnForward(one, bound, names, stacked=False)
    return None


def asked_of(function: Any) -> list[Any]:
    """The parameters of a function, none where Python cannot tell."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def returned_names(function: Any) -> tuple[str, ...]:
    """The names in a function's last return, "outputs" for a first part without one, "" for others.

    >>> returned_names(returned_names)
    ('',)
    """
    try:
        last = returned_by(function)[-1:]
    except (OSError, TypeError, SyntaxError):
        return ("",)
    parts = last[0].elts if last and isinstance(last[0], ast.Tuple) else last
    names = [part.id if isinstance(part, ast.Name) else "" for part in parts]
    computed = bool(parts) and (isinstance(parts[0], ast.BinOp) or _is_computed(parts[0]))
    alone = len(names) == 1 and is_forward_by_name(function.__name__) and (computed or role_of(names[0]) == "Y")
    if alone or (len(names) > 1 and not names[0]):
        names[0] = "outputs"
    elif len(names) > 1 and _is_computed(parts[-1]):
        names[-1] = "outputs"  # Z, sigmoid(Z)
    if names.count("") == 1 and len(names) > 1 and is_forward_by_name(function.__name__):
        names[names.index("")] = "cache"
    return tuple(names) or ("",)


def _is_computed(part: ast.expr) -> bool:
    """Whether a part of what is returned is a call that makes no collection."""
    made = part.func.id if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) else ""
    return isinstance(part, ast.Call) and made not in ("dict", "list", "tuple")


def is_outputs(array: Any, given: CallInputs) -> bool:
    """Whether an array may be the outputs: of their size, and not the scores before a softmax."""
    try:
        found = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        return False
    return array is not None and found.size == given.n_outputs and not is_scores(found, given)


def is_scores(array: Any, given: CallInputs) -> bool:
    """Whether outputs are the last layer's Z, where a softmax comes after it."""
    if given.net.layers[-1].activation.name != "softmax":
        return False
    Z = given.trace.Z[-1]
    return any(np.shape(array) == one.shape and np.allclose(array, one, rtol=1e-6) for one in (Z, Z.T))


def of_forward(own: OwnForward, given: CallInputs, run: Any) -> dict[str, Any]:
    """Run the forward pass and return what it gave, by name."""
    by_place, by_name = given_to(own.parameters, given)
    return own.values(run(own.function, *by_place, **by_name), given)
