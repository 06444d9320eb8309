"""Module values: what functions read of their module, and numbers there that count samples, set for a call."""

from __future__ import annotations

from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from chainrule.check.names import plain, role_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.network.network import Network

SAYS_COUNT = ("batch", "sample", "example")


def globals_read(function: Any) -> dict[str, Any]:
    """What a function, and the functions beside it that it calls, read of their module: no functions, no modules."""
    space: dict[str, Any] = getattr(function, "__globals__", {})
    found, pending, seen = {}, [function], set()
    while pending:
        code = getattr(pending.pop(), "__code__", None)
        if code is None or code in seen:
            continue
        seen.add(code)
        for name in _names_in(code):
            value = space.get(name)
            if isinstance(value, FunctionType) and value.__globals__ is space:
                pending.append(value)
            elif value is not None and not callable(value) and not isinstance(value, ModuleType | type):
                found[name] = value
    return found


def _names_in(code: Any) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names_in(constant)


def is_count(name: str, value: Any, net: Network) -> bool:
    """Whether a whole number is the count of samples, by its name; one letter may also stand for a width.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(4), Dense(1)], n_features=2)
    >>> is_count("batch_size", 4, net), is_count("m", 100, net), is_count("m", 4, net), is_count("n_layers", 9, net)
    (True, True, False, False)
    """
    if not isinstance(value, int) or isinstance(value, bool) or plain(name) == "n":
        return False
    widths = {net.n_features, *(layer.n_outputs for layer in net.layers)}
    told = any(word in name.lower() for word in SAYS_COUNT)
    return role_of(name) == "count" and (told or value not in widths)


@contextmanager
def counting(function: Any, net: Network, n_samples: int) -> Iterator[None]:
    """Let numbers of its module that count the samples, which a function reads, be the count of a call's samples."""
    space = getattr(function, "__globals__", {})
    kept = {name: value for name, value in globals_read(function).items() if is_count(name, value, net)}
    space.update(dict.fromkeys(kept, n_samples))
    try:
        yield
    finally:
        space.update(kept)
