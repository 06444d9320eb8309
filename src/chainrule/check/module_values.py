"""Module values: what functions read of their module, and numbers there that count samples, set for a call."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from functools import lru_cache
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.given import CallInputs
from chainrule.check.layouts import Layout
from chainrule.check.methods import is_backward, method_of
from chainrule.check.names import plain, role_of
from chainrule.check.own_forward import asked_of
from chainrule.check.parameter_roles import bind, given_to, unknown
from chainrule.check.slots import slots_of
from chainrule.check.student_objects import parameters_of
from chainrule.check.trial_points import random_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.network.network import Network

SAYS_COUNT = ("batch", "sample", "example")
COUNTS = re.compile(r"(n|m|num|nb|number|no)_?(of_)?(train|data|row|point|obs|image|img|pattern|record)\w*")


def globals_read(functions: Sequence[Any]) -> dict[str, Any]:
    """What functions, and those beside them that they call, read of their module: no functions, no modules."""
    space: dict[str, Any] = getattr(functions[0], "__globals__", {})
    found, pending, seen = {}, list(functions), set()
    while pending:
        code = getattr(pending.pop(0), "__code__", None)
        if code is None or code in seen:
            continue
        seen.add(code)
        for name in _names_in(code):
            value = space.get(name)
            if isinstance(value, FunctionType) and value.__globals__ is space:
                pending.append(value)
            elif value is not None and is_held(value):
                found[name] = value
    return found


def is_held(value: Any) -> bool:
    """Whether a module holds something that may be another after a call: no function, class or module; a model, say."""
    if isinstance(value, ModuleType | type | FunctionType | MethodType):
        return False
    return not callable(value) or bool(getattr(value, "__dict__", None))


def _names_in(code: Any) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names_in(constant)


def functions_beside(function: Any, net: Network, held: Mapping[str, Any]) -> dict[str, Any]:
    """A function by its name, and for a backward pass the forward pass and the update that stand in its module."""
    name = getattr(function, "__name__", "function")
    if not is_backward(name):
        return {name: function}
    space = getattr(function, "__globals__", {})
    beside = SimpleNamespace(
        **{one: value for one, value in space.items() if isinstance(value, FunctionType) and value.__globals__ is space}
    )
    names = [one for kind in ("forward", "update") if (one := method_of(beside, kind)) is not None and one != name]
    own = dict.fromkeys(held, "known")
    able = [one for one in names if not unknown(bind(getattr(beside, one), net, own=own))]
    return {**{one: getattr(beside, one) for one in able}, name: function}


def is_count(name: str, value: Any, net: Network) -> bool:
    """Whether a whole number is the count of samples, by its name; one letter may also stand for a width.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(4), Dense(1)], n_features=2)
    >>> is_count("batch_size", 4, net), is_count("m", 100, net), is_count("m", 4, net), is_count("n_layers", 9, net)
    (True, True, False, False)
    """
    if not isinstance(value, int) or isinstance(value, bool) or plain(name) == "n":
        return False
    if _counts(name):
        return True
    told = any(word in name.lower() for word in SAYS_COUNT)
    if role_of(name) != "count":
        return told and plain(name) == "batch"
    return told or value not in {net.n_features, *(layer.n_outputs for layer in net.layers)}


@lru_cache(maxsize=4096)
def _counts(name: str) -> bool:
    return COUNTS.fullmatch(plain(name)) is not None


NETWORK = frozenset(["network", "net", "nn", "model", "mlp", "layers", "ann"])
BUILDS = re.compile(r"(?i)_*(build|make|create|init|new)")


def held_by(function: Any, net: Network, rate: float) -> dict[str, Any]:
    """What a function asks for that its module holds: a list of layers, a model; or that a function there builds."""
    space = getattr(function, "__globals__", {})
    names = [one.name for one in asked_of(function) if plain(one.name) in NETWORK]
    found = {name: space[name] for name in names if name in space and holds(net, space[name])}
    if not names or found:
        return found
    others = [value for value in space.values() if not callable(value) and holds(net, value)]
    if not others:
        builders = [one for name, one in space.items() if isinstance(one, FunctionType) and BUILDS.match(name)]
        others = [value for one in builders if holds(net, value := _built(one, net, rate))]
    return {names[0]: others[0]} if len(others) == 1 else {}


def holds(net: Network, value: Any) -> bool:
    """Whether a list, a dict or an object holds an array for each block of a network."""
    if isinstance(value, np.ndarray | ModuleType | type) or not (
        hasattr(value, "__dict__") or hasattr(value, "__len__")
    ):
        return False
    return parameters_of(net, slots_of(SimpleNamespace(value=value))) is not None


def _built(function: Any, net: Network, rate: float) -> Any:
    """What a function of widths returns; None where it asks for more."""
    point = random_point(net, 0.0, seed=0, n_samples=5)
    parameters = bind(function, net)
    if unknown(parameters) or any(one.role in ("X", "T") for one in parameters):
        return None
    by_place, by_name = given_to(parameters, CallInputs(net, point, Layout(), rate))
    with suppress(Exception):  # a student's code: then it is not what is looked for
        return function(*by_place, **by_name)
    return None


@contextmanager
def restored(space: dict[str, Any]) -> Iterator[None]:
    """Let names be what they were afterwards."""
    kept = dict(space)
    try:
        yield
    finally:
        for name in space.keys() - kept.keys():
            del space[name]
        space.update(kept)


@contextmanager
def counting(function: Any, net: Network, n_samples: int) -> Iterator[None]:
    """Let numbers of its module that count the samples, which a function reads, be the count of a call's samples."""
    space = getattr(function, "__globals__", {})
    kept = {name: value for name, value in globals_read([function]).items() if is_count(name, value, net)}
    space.update(dict.fromkeys(kept, n_samples))
    try:
        yield
    finally:
        space.update(kept)
