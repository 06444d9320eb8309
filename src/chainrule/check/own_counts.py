"""Own counts: lines that divide by the number of their author's samples, written as a number, are given as many."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chainrule.check.training_source import TrainingScript
from chainrule.check.trial_points import random_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.edits.program import Point
    from chainrule.check.training_source import TrainingSource
    from chainrule.network.network import Network

FEWEST, MOST = 3, 500  # samples that are drawn in their place
CLOSE = 1e-12  # relative: of 0.05 and 1 / 20


def as_many_as_its_own(student: Any, net: Network, points: Sequence[Point]) -> list[Point]:
    """Points of as many samples as a script's author has, where its lines divide by that number; else as they are.

    Of other samples ``/ 30`` is no mean: what the author's program computes is right, and is to be told so.
    """
    same_samples = points[0].X is points[1].X  # the caller's
    if not isinstance(student, TrainingScript) or same_samples:
        return list(points)
    count = student.source.n_samples(net)
    widths = {net.n_features, *(layer.n_outputs for layer in net.layers)}
    if not FEWEST <= count <= MOST or count in widths or not _divides_by(student.source, count):
        return list(points)
    drawn = [random_point(net, point.l2, seed, count) for seed, point in enumerate(points)]
    return [replace(one, theta=point.theta) for one, point in zip(drawn, points, strict=True)]


def _divides_by(source: TrainingSource, count: int) -> bool:
    """Whether lines divide by a number, or multiply by its inverse."""
    statements = [*source.part.before, source.part.loop] if source.part is not None else []
    numbers = [number for one in statements for number in _divisors(one, source.data)]
    return any(abs(number - count) <= CLOSE * count for number in numbers)


def _divisors(statement: ast.AST, data: dict[str, Any]) -> Iterator[float]:
    """The numbers that a statement divides by: written, or held by a name."""
    for one in ast.walk(statement):
        match one:
            case ast.BinOp(op=ast.Div(), right=value) | ast.AugAssign(op=ast.Div(), value=value):
                yield from _number(value, data)
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                yield from (1.0 / number for side in (left, right) for number in _number(side, data) if number)


def _number(value: ast.expr, data: dict[str, Any]) -> Iterator[float]:
    held = (
        value.value if isinstance(value, ast.Constant) else data.get(value.id) if isinstance(value, ast.Name) else None
    )
    if isinstance(held, int | float) and not isinstance(held, bool):
        yield float(held)
