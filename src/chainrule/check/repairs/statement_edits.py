"""Edits of a student's statements: one moved, left out, or adding where it sets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from chainrule.check.repairs.source_edits import SourceEdit
from chainrule.check.repairs.text_places import statements_in, statements_that_ran
from chainrule.check.script_lines import assigned_by, reads_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.repairs.editable_code import Editable
    from chainrule.check.repairs.text_places import Place

MOVABLE = (ast.Assign, ast.AugAssign, ast.For, ast.Expr)
MOVES = ("too early", "in the loop", "behind the loop", "not needed")  # of edits that change what is done when


def statement_edits(code: Editable) -> Iterator[SourceEdit]:
    """Every small change of the order of statements, and of how they assign."""
    able = set(statements_that_ran(code))
    blocks = [] if isinstance(code.node, ast.Lambda) else [*_blocks(code.node)]
    for owner, name in blocks:
        for k, one in enumerate(getattr(owner, name)):
            if one in able:
                yield from _assigned_otherwise(code, (owner, name, k), one)
            if one in able and isinstance(one, MOVABLE):
                yield from _moved(code, (owner, name, k), one)
                yield from _around_loops(code, (owner, name, k), one, blocks)


def _blocks(node: Any) -> Iterator[tuple[Any, str]]:
    """Where lists of statements stand."""
    for one in [node, *statements_in(node)]:
        for name in ("body", "orelse"):
            if isinstance(getattr(one, name, None), list) and getattr(one, name) and not isinstance(one, ast.ClassDef):
                yield one, name


def _assigned_otherwise(code: Editable, place: Place, one: ast.stmt) -> Iterator[SourceEdit]:
    """Added for taken off, set for added, or the other way round; a list that is added to itself has no end."""
    if assigned_by(one) & code.ran.lists:
        return
    news: list[ast.stmt] = []
    targets = one.targets if isinstance(one, ast.Assign) else []
    if isinstance(one, ast.AugAssign):
        other = {ast.Add: ast.Sub, ast.Sub: ast.Add}.get(type(one.op))
        news += [ast.AugAssign(one.target, other(), one.value)] if other else []
        news.append(ast.Assign([one.target], one.value))
    elif isinstance(one, ast.Assign) and isinstance(targets[-1], ast.Name | ast.Attribute | ast.Subscript):
        news.append(ast.AugAssign(targets[-1], ast.Add(), one.value))
    for new in news:
        yield SourceEdit(code, "assignment", one, ((place, ast.copy_location(new, one)),))


def _moved(code: Editable, place: Place, one: ast.stmt) -> Iterator[SourceEdit]:
    """A statement behind later ones that read what it makes, or left out."""
    owner, name, k = place
    body: list[ast.stmt] = getattr(owner, name)
    rest, made = _without(body, one), assigned_by(one)
    for to in range((k or 0) + 1, len(rest) + 1 - isinstance(body[-1], ast.Return)):
        before = rest[to - 1]
        if reads_of(before, {}) & made:
            told = f"Move it behind line {before.end_lineno}"
            yield SourceEdit(code, "too early", one, (((owner, name, None), [*rest[:to], one, *rest[to:]]),), 1, told)
    if rest:
        yield SourceEdit(code, "not needed", one, (((owner, name, None), rest),), 2, "Leave it out")


def _around_loops(code: Editable, place: Place, one: ast.stmt, blocks: list[tuple[Any, str]]) -> Iterator[SourceEdit]:
    """A statement behind the loop that it stands in, or at the end of the loop before it."""
    owner, name, k = place
    body: list[ast.stmt] = getattr(owner, name)
    rest = _without(body, one)
    for outer, outer_name in blocks:
        around: list[ast.stmt] = getattr(outer, outer_name)
        if isinstance(owner, ast.For) and owner in around and rest:
            at = around.index(owner) + 1
            behind = ((outer, outer_name, None), [*around[:at], one, *around[at:]])
            told = f"Write it behind the loop of line {owner.lineno}"
            yield SourceEdit(code, "in the loop", one, (((owner, name, None), rest), behind), 2, told)
    loop = body[k - 1] if k else None
    if isinstance(loop, ast.For):
        within = ((loop, "body", None), [*loop.body, one])
        told = f"Write it into the loop of line {loop.lineno}"
        yield SourceEdit(code, "behind the loop", one, (((owner, name, None), rest), within), 2, told)


def _without(body: list[ast.stmt], one: ast.stmt) -> list[ast.stmt]:
    return [other for other in body if other is not one]
