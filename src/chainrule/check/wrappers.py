"""Wrappers: code that cannot be called as it is is refused with the few lines that make it callable."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.names import role_of
from chainrule.check.sources import returned_by
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.parameter_roles import Parameter
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network

MOST_TOLD = 4  # entries of a list or a dict that are told


class UnknownParameters(InvalidValue):
    """Code asks for something whose name tells nothing."""

    def __init__(self, missing: Sequence[str], *told: str) -> None:
        super().__init__(*told)
        self.missing = tuple(missing)


def called_with(function: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Tell a call in one line, arrays by their shapes.

    >>> def step(W, y, rate): ...
    >>> called_with(step, [np.zeros((2, 1)), [1, 0]], {"rate": 0.1})
    'step(W=(2, 1), y=[1, 0], rate=0.1)'
    """
    try:
        bound = inspect.signature(function).bind(*arguments, **named).arguments
    except (TypeError, ValueError):
        bound = {f"argument {k}": value for k, value in enumerate(arguments, start=1)} | dict(named)
    name = getattr(function, "__name__", type(function).__name__)
    return f"{name}({', '.join(f'{one}={_told(value)}' for one, value in bound.items())})"


def _told(value: Any) -> str:
    """A value in few signs: an array's shape, what a list or a dict holds."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, dict):
        parts = [f"{key!r}: {_told(one)}" for key, one in list(value.items())[:MOST_TOLD]]
        return "{" + ", ".join([*parts, "…"] if len(value) > MOST_TOLD else parts) + "}"
    if isinstance(value, list | tuple):
        parts = [_told(one) for one in value[:MOST_TOLD]]
        brackets = "[]" if isinstance(value, list) else "()"
        return brackets[0] + ", ".join([*parts, "…"] if len(value) > MOST_TOLD else parts) + brackets[1]
    if isinstance(value, int | float | str | None):
        return f"{value:.3g}" if isinstance(value, float) else repr(value)
    return getattr(value, "__name__", type(value).__name__)


def _as_kept(block: str, shape: tuple[int, ...], net: Network) -> str:
    """Write a block in the shape in which an object keeps it."""
    wanted = net.shapes.get(block, shape)
    if shape == wanted:
        return block
    return f"{block}.T" if shape == wanted[::-1] else f"{block}.reshape{shape}"


def _arguments(parameters: Sequence[Parameter], rate: str = "0.1") -> str:
    """Write what parameters are given; what a forward pass has to give is left open."""
    left = {"rate": rate, "value": "...", "forward": "..."}
    told = [left.get(one.role, one.written) for one in parameters]
    return ", ".join(f"{one.name}={text}" if one.by_name else text for one, text in zip(parameters, told, strict=True))


def wrapper_of(function: Any, parameters: Sequence[Parameter], net: Network) -> str:
    """Write the function that calls another as the check does, for its author to change.

    >>> from chainrule import Dense, Network
    >>> from chainrule.check.parameter_roles import bind
    >>> net = Network([Dense(1)], n_features=2)
    >>> def step(stuff, X, y): ...
    >>> print(wrapper_of(step, bind(step, net), net))
    def backprop(W1, b1, X, T):
        return step(..., X, T)
    check_backprop(backprop, net)

    What a forward pass has to give is left open:

    >>> def back(Z1, W1, X, y): ...
    >>> print(wrapper_of(back, bind(back, net), net).splitlines()[1].strip())
    return back(..., W1, X, T)
    """
    name = getattr(function, "__name__", type(function).__name__)
    return _defined("backprop", net, [f"return {name}({_arguments(parameters)})"])


def _defined(name: str, net: Network, lines: Sequence[str], more: str = "") -> str:
    """Write a function of the network's blocks, X and T, and the line that hands it over."""
    head = f"def {name}({', '.join(net.shapes)}, X, T{more}):"
    return "\n".join([head, *(f"    {line}" for line in lines), f"check_backprop({name}, net)"])


def wrapper_of_object(
    thing: Any,
    calls: Sequence[tuple[Any, Sequence[Parameter]]],
    net: Network,
    places: Mapping[str, Slot],
) -> str:
    """Write the function that sets an object's arrays and calls its methods as the check does.

    ``calls`` are its methods with their parameters, ``places`` where it keeps the network's blocks, as far as that is
    known; units that keep one weight each have no place that can be set in a line. Of a method that returns nothing
    the arrays are returned, as a step by the rate.
    """
    places = {} if any("*" in slot.path for slot in places.values()) else places
    targets = ", ".join(f"model{slot.path}" for slot in places.values())
    values = ", ".join(_as_kept(block, slot.array.shape, net) for block, slot in places.items())
    steps = not _returns(calls[-1][0])
    rates = [name for name in vars(thing) if role_of(name) == "rate"] if hasattr(thing, "__dict__") else []
    takes_rate = any(one.role == "rate" for _, parameters in calls for one in parameters)
    rate = "rate" if steps else "0.1"
    lines = [f"{targets} = {values}" if places else f"...  # let it hold {', '.join(net.shapes)}"]
    lines += [f"model.{name} = rate" for name in rates if steps and not takes_rate]
    lines += [f"model.{method.__name__}({_arguments(parameters, rate)})" for method, parameters in calls]
    if not steps:
        lines[-1] = f"return {lines[-1]}"
        return _defined("backprop", net, lines)
    return _defined("step", net, [*lines, f"return {targets or '...'}"], ", rate")


def _returns(function: Any) -> bool:
    """Whether a function returns something, as far as its lines can be read."""
    try:
        return bool(returned_by(function))
    except (OSError, TypeError, SyntaxError):
        return True


def refusal(function: Any, missing: Sequence[str], wrapper: str) -> UnknownParameters:
    """Return the error that says which parameters are unknown, with the wrapper to write, in the code's own names.

    >>> print(refusal(print, ["stuff"], "def backprop(W1, X, T): ..."))
    I do not know what to give to the parameter 'stuff' of print. Wrap it, with what you give for …:
    def backprop(W1, X, T): ...
    """
    named = ", ".join(repr(name) for name in missing)
    name = getattr(function, "__name__", type(function).__name__)
    word = "parameter" if len(missing) == 1 else "parameters"
    return UnknownParameters(
        missing,
        f"I do not know what to give to the {word} {named} of {name}. Wrap it, with what you give for …:",
        wrapper,
    )
