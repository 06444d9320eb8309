"""The lines of a script: its loops, what stands before them, and which names a line reads and makes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any

from chainrule.check.module_values import globals_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, eq=False)
class TrainingLoop:
    """A loop of a script, and the statements that are run before it."""

    before: list[ast.stmt]
    loop: ast.For | ast.While


def parts_of(
    body: Sequence[ast.stmt], functions: dict[str, list[ast.stmt]], before: Sequence[ast.stmt] = ()
) -> Iterator[TrainingLoop]:
    r"""Every loop of a script with what is run before it, those inside of others and of ``main()`` too.

    >>> body = ast.parse("a = 1\nfor i in b:\n    c = 2\n    while a: ...").body
    >>> [len(part.before) for part in parts_of(body, {})]
    [1, 3]
    """
    done = list(before)
    for one in body:
        match one:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                yield from parts_of(one.body, functions, done)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])) if name in functions:
                rest = {other: lines for other, lines in functions.items() if other != name}
                yield from parts_of(functions[name], rest, done)
            case ast.For() | ast.While():
                yield TrainingLoop(list(done), one)
                yield from parts_of(one.body, functions, [*done, *_first_bound(one)])
        done.append(one)


def one_round(loop: ast.For | ast.While) -> list[ast.stmt]:
    """A loop that ends after its first round, whatever leads there.

    >>> print(ast.unparse(one_round(ast.parse("for i in range(9): work(i)").body[0])[0]))
    for i in [next(iter(range(9)))]:
        work(i)
    """
    if isinstance(loop, ast.For):
        target, first, body = loop.target, _first(loop.iter), loop.body
    else:
        test: ast.stmt = ast.copy_location(ast.If(loop.test, loop.body, []), loop)
        target, first, body = ast.Name("_", ast.Store()), ast.Constant(0), [test]
    return [ast.copy_location(ast.For(target, ast.List([first], ast.Load()), body, []), loop)]


def _first_bound(loop: ast.For | ast.While) -> list[ast.stmt]:
    """What gives a loop's variable its first value."""
    if isinstance(loop, ast.While):
        return []
    return [ast.copy_location(ast.Assign([loop.target], _first(loop.iter)), loop)]


def _first(iterated: ast.expr) -> ast.expr:
    """The first item of what is iterated: next(iter(…))."""
    for name in ("iter", "next"):
        iterated = ast.Call(ast.Name(name, ast.Load()), [iterated], [])
    return iterated


def iterated(loop: ast.For | ast.While) -> ast.expr:
    """What a loop goes over, or how long it goes on."""
    return loop.iter if isinstance(loop, ast.For) else loop.test


def reads_of(node: ast.AST, space: dict[str, Any]) -> set[str]:
    """The names that code reads, and those that functions read of their module which it calls."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    functions = [space[name] for name in found if isinstance(space.get(name), FunctionType)]
    return found.union(*(globals_read([one]) for one in functions))


def assigned_by(statement: ast.stmt) -> set[str]:
    """The names that a statement assigns, or whose value it changes: W = …, W[0] = …, W.append(…).

    >>> sorted(assigned_by(ast.parse("a, b[0] = c").body[0]) | assigned_by(ast.parse("d.append(e)").body[0]))
    ['a', 'b', 'd']
    """
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return set()
    found = set()
    for one in ast.walk(statement):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and isinstance(statement, ast.Expr):
            found |= _base(one.func)
        if isinstance(one, ast.Name | ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            found |= _base(one)
    return found


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def dependents(statements: Sequence[ast.stmt], given: set[str], space: dict[str, Any]) -> list[ast.stmt]:
    """The statements that use given names, or what others made of them, in their order; not those that make these."""
    found, changed = [], set(given)
    last = max((k for k, one in enumerate(statements) if assigned_by(one) & given), default=-1)
    for k, one in enumerate(statements):
        made = assigned_by(one)
        if k <= last and made & given and made <= changed:
            continue
        if made and reads_of(one, space) & changed:
            found.append(one)
            changed |= made
    return found
