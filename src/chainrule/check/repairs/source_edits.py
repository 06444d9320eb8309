"""Edits of a student's text: one expression written otherwise, wherever it stands."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.check.repairs.alternatives import of_calls, other_names, others
from chainrule.check.repairs.text_places import at, put, slots_in, statements_that_ran

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.repairs.editable_code import Editable
    from chainrule.check.repairs.text_places import Expression, OwnWords, Place
    from chainrule.check.repairs.watched_code import Ran

FILL = frozenset(["append", "insert", "extend", "update", "setdefault", "add"])
JOIN = frozenset(["append", "vstack", "hstack", "stack", "concatenate", "column_stack", "tile", "repeat", "kron"])


@dataclass(frozen=True, eq=False)
class SourceEdit:
    """A change of a student's text: what is put at some places of a statement.

    ``kind`` says what sort of change it is, ``cost`` how unlikely; ``told`` what is said of it where no expression is
    put in the place of another.
    """

    code: Editable
    kind: str
    statement: ast.stmt
    changes: tuple[tuple[Place, Any], ...]
    cost: int = 1
    told: str = ""
    _kept: list[Any] = field(default_factory=list)

    @property
    def old(self) -> str:
        """What stands there, of an edit that is not applied."""
        return ast.unparse(at(self.changes[0][0]))

    @property
    def new(self) -> str:
        """What is written in its place."""
        return ast.unparse(self.changes[0][1])

    def apply(self) -> None:
        """Put it in."""
        self._kept[:] = [at(place) for place, _ in self.changes]
        for place, value in self.changes:
            put(place, value)

    def undo(self) -> None:
        """Put back what was there."""
        for (place, _), value in zip(reversed(self.changes), reversed(self._kept), strict=True):
            put(place, value)


def expression_edits(code: Editable, words: OwnWords) -> Iterator[SourceEdit]:
    """Every small change of one expression, and of one that stands several times in a statement."""
    repeated: dict[tuple[ast.stmt, str], list[Expression]] = {}
    for slot in slots_in(code):
        for kind, new, cost in others(slot, code.ran, words):
            if not slot.is_indexed and may_grow(slot.statement, new, code.ran):
                continue
            yield SourceEdit(code, kind, slot.statement, ((slot.place, located(new, slot.node)),), cost)
        is_read = not isinstance(getattr(slot.node, "ctx", None), ast.Store)
        if isinstance(slot.node, ast.Call | ast.Name) and is_read and not slot.is_called:
            repeated.setdefault((slot.statement, ast.unparse(slot.node)), []).append(slot)
    for (statement, _), slots in repeated.items():
        node = slots[0].node
        for kind, new, cost in _others_everywhere(node, code.ran) if len(slots) > 1 else ():
            if not may_grow(statement, new, code.ran):
                changes = tuple((slot.place, located(new, slot.node)) for slot in slots)
                yield SourceEdit(code, kind, statement, changes, cost)


def may_grow(statement: ast.stmt, new: ast.expr, ran: Ran) -> bool:
    """Whether a list may come into itself by an edit, or something be as often doubled as a loop has rounds."""
    if isinstance(statement, ast.For):
        return bool(_filled_in(statement) & {one.id for one in ast.walk(new) if isinstance(one, ast.Name)})
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    calls = {getattr(one.func, "attr", "") for one in ast.walk(statement) if isinstance(one, ast.Call)}
    fills = any(isinstance(one, ast.Subscript | ast.Attribute | ast.Tuple) for one in targets)
    own = {one.id for one in targets if isinstance(one, ast.Name)}
    if (fills or own & ran.lists or calls & FILL) and may_be_a_list(new, ran):
        return True
    return bool(calls & JOIN) and any(isinstance(one, ast.Name) and one.id in own for one in ast.walk(new))


def _filled_in(loop: ast.For) -> set[str]:
    """The names of what a loop makes longer: to go through it has no end."""
    calls = [one.func for one in ast.walk(loop) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
    filled = [one.value for one in calls if one.attr in FILL]
    filled += [one.target for one in ast.walk(loop) if isinstance(one, ast.AugAssign)]
    return {one.id for one in filled if isinstance(one, ast.Name)}


def may_be_a_list(new: ast.expr, ran: Ran) -> bool:
    """Whether an expression may be a list: one that holds itself, or doubles in a loop, has no end.

    >>> from chainrule.check.repairs.watched_code import Ran
    >>> ran = Ran(lists={"w"})
    >>> [may_be_a_list(ast.parse(one, mode="eval").body, ran) for one in ("w", "w + x", "w[0]", "f(w)", "x", "self.w")]
    [True, True, False, False, False, True]
    """
    match new:
        case ast.Name(id=name):
            return name in ran.lists
        case ast.BinOp(left=left, right=right):
            return may_be_a_list(left, ran) or may_be_a_list(right, ran)
        case ast.UnaryOp() | ast.Constant() | ast.Subscript() | ast.Call() | ast.Compare():
            return False
    return True


def _others_everywhere(node: ast.expr, ran: Ran) -> Iterator[tuple[str, Any, int]]:
    """What else could stand at every place of a name, or of a call."""
    if isinstance(node, ast.Name):
        yield from other_names(node, ran)
    elif isinstance(node, ast.Call):
        yield from of_calls(node)


def probes(code: Editable) -> Iterator[SourceEdit]:
    """For each statement that makes a value an edit that makes another: what that changes is made of it."""
    for one in statements_that_ran(code):
        value = getattr(one, "value", None)
        if not isinstance(one, ast.Assign | ast.AugAssign | ast.Return) or value is None:
            continue
        if not isinstance(value, ast.Tuple | ast.List | ast.Dict | ast.ListComp):
            more = ast.BinOp(ast.BinOp(ast.Constant(1.25), ast.Mult(), value), ast.Add(), ast.Constant(0.01))
            yield SourceEdit(code, "probe", one, (((one, "value", None), located(more, value)),))


def located(new: Any, old: ast.AST) -> Any:
    """A new node, it and its new parts with the old one's place in the text."""
    for one in ast.walk(new):
        if isinstance(one, ast.expr | ast.keyword) and not hasattr(one, "lineno"):
            ast.copy_location(one, old)
    return new
