"""Parcel: a function of the judge's, packed so that a submission's process can run it on the submission's module.

A loop of training makes thousands of calls, each of which would be a round trip. It is no part of judging: nothing that
it says earns points.
"""

from __future__ import annotations

import dis
import marshal
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODULES = ("numpy", "math", "itertools", "functools")


class _Unpackable(Exception):
    """It needs something that only the judge's process has."""


def packed(function: Callable[..., Any], result: type) -> bytes | None:
    """Return a function with the constants and functions of its module that it needs, None where that is not enough.

    ``result`` is the class of what it returns; in the other process that is a tuple of what the class is made from.
    """
    needed: dict[str, Any] = {}
    try:
        if not isinstance(function, FunctionType):
            return None
        _collect(function, result, needed)
        return marshal.dumps((function.__name__, needed))
    except (_Unpackable, ValueError):
        return None


def _collect(function: FunctionType, result: type, needed: dict[str, Any]) -> None:
    """Note a function, and what of its module it needs."""
    if function.__closure__:
        raise _Unpackable
    needed[function.__name__] = ("function", function.__code__, function.__defaults__, function.__kwdefaults__)
    for name in _globals(function.__code__):
        if name in needed or name not in function.__globals__:
            continue
        value = function.__globals__[name]
        if value is result:
            needed[name] = ("result",)
        elif isinstance(value, ModuleType) and value.__name__ in MODULES:
            needed[name] = ("module", value.__name__)
        elif isinstance(value, FunctionType) and value.__globals__ is function.__globals__ and value.__name__ == name:
            _collect(value, result, needed)
        elif isinstance(value, type | ModuleType) or callable(value):
            raise _Unpackable
        else:
            needed[name] = ("value", value)


def _globals(code: CodeType) -> Iterator[str]:
    """Yield the names that code, and the functions in it, read from their module."""
    for one in dis.get_instructions(code):
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(one.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _globals(inner)
