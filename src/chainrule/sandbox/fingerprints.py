"""Fingerprints: a function without names, layout, docstrings and annotations, so that two that are one can be told."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Fingerprint:
    """A function's fingerprint, and of how many parts its tree is: of small ones many are alike by themselves."""

    mark: str
    size: int


def fingerprint(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Fingerprint:
    """Return a function's fingerprint: its own names and those of ``self`` by their order, everything else as it is.

    >>> texts = "def f(a): return a.T @ a", "def g(x: float): return (x.T @ x)"
    >>> one, other = (ast.parse(text).body[0] for text in texts)
    >>> fingerprint(one) == fingerprint(other)
    True
    """
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names: dict[str, str] = {}
    parts: list[str] = []
    todo: list[ast.AST | str] = [*reversed(_body(function)), *reversed([ast.arg(one) for one in _arguments(function)])]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        parts.append("Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__)
        todo += reversed(_inside(node, own, names))
    return Fingerprint(hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest(), len(parts))


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def _inside(node: ast.AST, own: set[str], names: dict[str, str]) -> list[ast.AST | str]:
    """Return what a node is made of, in order, its own names by number."""
    if isinstance(node, ast.Name | ast.arg):
        name = node.id if isinstance(node, ast.Name) else node.arg
        return [names.setdefault(name, f"_{len(names)}") if name in own else name]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return ["self", names.setdefault(f"self.{node.attr}", f"_{len(names)}")]
    if isinstance(node, ast.AnnAssign):  # as if it had none
        return [node.target, *([node.value] if node.value is not None else [])]
    found: list[ast.AST | str] = []
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment", "ctx", "kind", "decorator_list", "type_params"):
            continue
        values = value if isinstance(value, list) else [value]
        found += [one if isinstance(one, ast.AST) else f"{name}={one!r}" for one in values]
    return found
