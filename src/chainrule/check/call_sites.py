"""Call sites: what a function is called with in its own module, where the names of its parameters tell nothing."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chainrule.check.names import role_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

TOLD = ("X", "T", "X and T", "l2", "rate", "once", "quiet")  # what a name at a call may tell of a parameter


def roles_at_calls(function: Any) -> dict[str, str]:
    """The roles of the names that a function's parameters are given wherever its module calls it: one role alone each.

    >>> roles_at_calls(print)
    {}
    """
    own = getattr(function, "__func__", function)
    code = getattr(own, "__code__", None)
    if code is None:
        return {}
    calls = _calls_in(code.co_filename, len(linecache.getlines(code.co_filename))).get(code.co_name, ())
    names = list(code.co_varnames[: code.co_argcount])
    names = names[1:] if names[:1] == ["self"] else names
    found: dict[str, set[str]] = {}
    for by_place, by_name in calls:
        for name, told in (*zip(names, by_place, strict=False), *by_name.items()):
            found.setdefault(name, set()).add(role_of(told) or "" if told else "")
    return {name: next(iter(roles)) for name, roles in found.items() if len(roles) == 1 and not roles.isdisjoint(TOLD)}


@lru_cache(maxsize=64)
def _calls_in(file: str, _: int) -> dict[str, list[tuple[list[str], dict[str, str]]]]:
    """The names of the arguments of every call in a file, by what is called; the file's length tells versions."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return {}
    found: dict[str, list[tuple[list[str], dict[str, str]]]] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name | ast.Attribute):
            called = one.func.id if isinstance(one.func, ast.Name) else one.func.attr
            by_place = [_name_of(value) for value in one.args]
            if not any(isinstance(value, ast.Starred) for value in one.args):
                found.setdefault(called, []).append(
                    (by_place, {k.arg: _name_of(k.value) for k in one.keywords if k.arg})
                )
    return found


def _name_of(value: ast.expr) -> str:
    """The name that an argument has, or an item of it: x of x[i], self.x, x.T; "" of what is computed."""
    while isinstance(value, ast.Subscript) or (isinstance(value, ast.Attribute) and value.attr == "T"):
        value = value.value
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


TARGETS_FIRST = ("T", "X")


def rows_taken(function: Any, name: str) -> tuple[str, str] | None:
    """How a function takes samples apart: targets first, or by these keys; None where that is as usual, or not seen."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return None if code is None else _rows_taken(code, name)


@lru_cache(maxsize=64)
def _rows_taken(code: CodeType, name: str) -> tuple[str, str] | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError):
        return None
    loops = [
        one for one in ast.walk(tree) if isinstance(one, ast.For | ast.comprehension) and _goes_over(one.iter, name)
    ]
    for one in loops:
        match one.target:
            case ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]):
                if (role_of(first), role_of(second)) == TARGETS_FIRST:
                    return TARGETS_FIRST
            case ast.Name(id=row):
                keys = [k for k in dict.fromkeys(_keys_of(tree, row)) if role_of(k) in ("X", "T", "Y")]
                if len(keys) == 2 and role_of(keys[0]) != role_of(keys[1]):
                    return (keys[0], keys[1]) if role_of(keys[0]) == "X" else (keys[1], keys[0])
    return None


def _goes_over(iterated: ast.expr, name: str) -> bool:
    """Whether a loop goes over what has this name, counted or not."""
    return any(isinstance(one, ast.Name) and one.id == name for one in (iterated, *getattr(iterated, "args", ())))


def _keys_of(tree: ast.AST, row: str) -> Iterator[str]:
    for one in ast.walk(tree):
        match one:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))) if name == row:
                yield key
