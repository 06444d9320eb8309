"""Places in a student's text: its expressions, where each stands, and the statements that ran."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.repairs.editable_code import Editable
    from chainrule.check.repairs.watched_code import Ran

Place: TypeAlias = "tuple[Any, str, int | None]"  # a node, one of its fields, and the place in a list there
WITHIN = ("body", "orelse", "finalbody", "handlers", "decorator_list")  # fields that hold other statements
OF_ARRAYS = ("T", "shape", "dot", "sum", "mean", "append", "copy", "transpose", "flatten", "ravel", "size", "ndim")


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression: where it stands, in which statement, and what it is part of."""

    place: Place
    node: ast.expr
    statement: ast.stmt
    parents: tuple[ast.AST, ...]

    @property
    def is_called(self) -> bool:
        """Whether it is the function of a call."""
        return bool(self.parents) and getattr(self.parents[-1], "func", None) is self.node

    @property
    def is_indexed(self) -> bool:
        """Whether it is read by an index, which takes one entry of it."""
        match self.parents[-1:]:
            case (ast.Subscript(value=value, slice=index, ctx=ast.Load()),):
                return value is self.node and not isinstance(index, ast.Slice)
        return False


@dataclass(frozen=True)
class OwnWords:
    """The names of attributes, and the keys of dicts, that a student's code reads."""

    attributes: tuple[str, ...]
    keys: tuple[str, ...]


def words_of(code: Sequence[Editable]) -> OwnWords:
    """The words of all that ran, and no methods of arrays."""
    nodes = [node for one in code for node in ast.walk(one.node)]
    attributes = [one.attr for one in nodes if isinstance(one, ast.Attribute) and one.attr not in OF_ARRAYS]
    slices = [one.slice for one in nodes if isinstance(one, ast.Subscript)]
    keys = [one.value for one in slices if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return OwnWords(tuple(dict.fromkeys(attributes)), tuple(dict.fromkeys(keys)))


def at(place: Place) -> Any:
    """What stands at a place."""
    node, name, index = place
    value = getattr(node, name)
    return value if index is None else value[index]


def put(place: Place, value: Any) -> None:
    """Put something at a place."""
    node, name, index = place
    if index is None:
        setattr(node, name, value)
    else:
        getattr(node, name)[index] = value


def slots_in(code: Editable) -> Iterator[Expression]:
    """Every expression in the lines that ran."""
    if isinstance(code.node, ast.Lambda):
        yield from _slots(code.node, "body", None, ast.copy_location(ast.Expr(code.node), code.node), ())
    for statement in statements_that_ran(code):
        for name, value in ast.iter_fields(statement):
            if name not in WITHIN:
                yield from _slots_in_field(statement, name, value, statement, ())


def _slots(
    owner: Any, name: str, index: int | None, statement: ast.stmt, parents: tuple[ast.AST, ...]
) -> Iterator[Expression]:
    node = at((owner, name, index))
    if isinstance(node, ast.expr):
        yield Expression((owner, name, index), node, statement, parents)
    if isinstance(node, ast.expr | ast.keyword | ast.comprehension):
        for field_name, value in ast.iter_fields(node):
            yield from _slots_in_field(node, field_name, value, statement, (*parents, node))


def _slots_in_field(
    owner: Any, name: str, value: Any, statement: ast.stmt, parents: tuple[ast.AST, ...]
) -> Iterator[Expression]:
    if isinstance(value, list):
        for index in range(len(value)):
            yield from _slots(owner, name, index, statement, parents)
    elif isinstance(value, ast.expr):
        yield from _slots(owner, name, None, statement, parents)


def statements_that_ran(code: Editable) -> Iterator[ast.stmt]:
    """The statements of which a line ran, but those that decide when a while loop ends: they are left as they are."""
    if isinstance(code.node, ast.Lambda):
        return
    ends = _names_that_end_loops(code.node)
    for one in statements_in(code.node):
        if isinstance(one, ast.If) and ends and _breaks_out(one):
            continue
        if not isinstance(one, ast.While) and _has_run(one, code.ran) and not _stored(one) & ends:
            yield one


def _names_that_end_loops(node: ast.AST) -> set[str]:
    """The names in the tests of while loops, and of what breaks out of them."""
    loops = [one for one in ast.walk(node) if isinstance(one, ast.While)]
    within = [one for loop in loops for one in ast.walk(loop) if isinstance(one, ast.If)]
    tests = [loop.test for loop in loops] + [one.test for one in within if _breaks_out(one)]
    return {name.id for test in tests for name in ast.walk(test) if isinstance(name, ast.Name)}


def _breaks_out(node: ast.If) -> bool:
    return any(isinstance(one, ast.Break | ast.Return) for one in ast.walk(node))


def _has_run(statement: ast.stmt, ran: Ran) -> bool:
    return ran.has_run(statement.lineno, statement.end_lineno or statement.lineno)


def _stored(statement: ast.stmt) -> set[str]:
    """The names that a simple statement assigns."""
    if isinstance(statement, ast.For | ast.If | ast.With | ast.Try):
        return set()
    return {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def statements_in(node: Any) -> Iterator[ast.stmt]:
    """The statements of a function or a loop, those within others too, but not those of functions within."""
    for name in ("body", "orelse", "finalbody"):
        for one in getattr(node, name, []):
            yield one
            if not isinstance(one, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                yield from statements_in(one)
