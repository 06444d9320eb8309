"""The lines of a script: its loops, what stands before them, and which names a line reads and makes."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.check.methods import is_training
from chainrule.check.module_values import globals_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, eq=False)
class TrainingLoop:
    """A loop of a script, and the statements that are run before it."""

    before: list[ast.stmt]
    loop: ast.For | ast.While


@dataclass(frozen=True, eq=False)
class TrainingMethod:
    """A call of a method that trains, by its name, of an object of a script, and the statements before it."""

    before: list[ast.stmt]
    thing: ast.expr
    name: str


Functions: TypeAlias = "dict[str, ast.FunctionDef]"


def parts_of(
    body: Sequence[ast.stmt], functions: Functions, before: Sequence[ast.stmt] = ()
) -> Iterator[TrainingLoop | TrainingMethod]:
    r"""Every loop of a script with what is run before it, those inside of others and of functions that it calls too.

    >>> body = ast.parse("a = 1\nfor i in b:\n    c = 2\n    while a: ...").body
    >>> [len(part.before) for part in parts_of(body, {})]
    [1, 3]
    """
    done = list(before)
    for one in body:
        match one:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                yield from parts_of(one.body, functions, done)
            case ast.For() | ast.While():
                yield TrainingLoop(list(done), one)
                yield from parts_of(one.body, functions, [*done, *_first_bound(one)])
            case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
                yield from _parts_of_call(call, functions, done)
        if not _ends_its_loop(one):
            done.append(one)


def _ends_its_loop(node: ast.AST) -> bool:
    r"""Whether a line may end the loop that it stands in, or go on with it: it has no place before a loop within.

    >>> lines = ast.parse("if a: break\nfor b in c: break\nx = 1").body
    >>> [_ends_its_loop(one) for one in lines]
    [True, False, False]
    """
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While | ast.FunctionDef | ast.ClassDef):
        return False
    return any(_ends_its_loop(one) for one in ast.iter_child_nodes(node))


def _parts_of_call(
    call: ast.Call, functions: Functions, done: Sequence[ast.stmt]
) -> Iterator[TrainingLoop | TrainingMethod]:
    """The loops of a function of the script that is called, in its lines; a method whose name says that it trains."""
    match call.func:
        case ast.Name(id=name) if name in functions:
            rest = {other: one for other, one in functions.items() if other != name}
            if (begins := _assigned_parameters(functions[name], call)) is not None:
                yield from parts_of(lines_of(functions[name].body), rest, [*done, *begins])
        case ast.Attribute(value=thing, attr=name) if is_training(name):
            yield TrainingMethod(list(done), thing, name)


def _assigned_parameters(function: ast.FunctionDef, call: ast.Call) -> list[ast.stmt] | None:
    """Lines that give a function's parameters their values in a call; None where they cannot be told."""
    own = function.args
    places = [one.arg for one in (*own.posonlyargs, *own.args)]
    starred = any(isinstance(one, ast.Starred) for one in call.args) or not all(one.arg for one in call.keywords)
    if own.vararg or own.kwarg or starred or len(call.args) > len(places):
        return None
    values = dict(zip(reversed(places), reversed(own.defaults), strict=False))
    values |= {one.arg: value for one, value in zip(own.kwonlyargs, own.kw_defaults, strict=True) if value is not None}
    values |= dict(zip(places, call.args, strict=False)) | {one.arg: one.value for one in call.keywords if one.arg}
    if values.keys() != {*places, *(one.arg for one in own.kwonlyargs)}:
        return None
    fresh = {name: value for name, value in values.items() if not (isinstance(value, ast.Name) and value.id == name)}
    read = {one.id for value in fresh.values() for one in ast.walk(value) if isinstance(one, ast.Name)}
    if read & fresh.keys():  # one would be overwritten before it is read
        return None
    return [ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), call) for name, value in fresh.items()]


def lines_of(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The lines of a function as they could stand at a top level: where it returns in a loop, that ends."""
    return [_EndsLoops().visit(copy.deepcopy(one)) for one in body if not isinstance(one, ast.Return)]


class _EndsLoops(ast.NodeTransformer):
    """Puts break in the place of return."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave functions within as they are."""
        return node

    def visit_Return(self, node: ast.Return) -> ast.Break:
        """End the loop."""
        return ast.copy_location(ast.Break(), node)


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


def assigned_by(statement: ast.stmt, *, calls: bool = True) -> set[str]:
    """The names that a statement assigns, or whose value it changes: W = …, W[0] = …, with ``calls`` W.append(…).

    >>> sorted(assigned_by(ast.parse("a, b[0] = c").body[0]) | assigned_by(ast.parse("d.append(e)").body[0]))
    ['a', 'b', 'd']
    """
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return set()
    found = set()
    for one in ast.walk(statement):
        if (
            calls
            and isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and isinstance(statement, ast.Expr)
        ):
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
