"""Conventions: what a student's code gives, the scale of its loss, and the program run under that scale."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.mistakes import edits_for
from chainrule.check.edits.program import Point, Program, ProgramOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.edits.program import Blocks, Edit, Vector
    from chainrule.network.network import Network

SAME = 1e-6  # relative to a block's largest entry: somebody's log(y + 1e-8) is no mistake


@dataclass(frozen=True, eq=False)
class Answer:
    """What a student's code gives at a point: loss and outputs if it tells them, and the gradient by block.

    ``steps`` says that the gradient was recovered from an update, whose direction is then its own: up a likelihood is
    down its negative.
    """

    loss: float | None
    Y: Vector | None
    blocks: Blocks
    steps: bool = False


@dataclass(frozen=True)
class Scale:
    """A convention: the loss is ``data`` times the mean and ``penalty`` times λ Σ W²; "N" is the number of samples."""

    data: float = 1.0
    by_n: bool = False
    penalty: float = 1.0
    penalty_over_n: bool = False
    over_outputs: bool = False
    penalty_by_n: bool = False

    def at(self, point: Point) -> tuple[float, float]:
        """Return both factors at a point."""
        n = point.N
        data = self.data * (n if self.by_n else 1.0) / (point.T.shape[1] if self.over_outputs else 1.0)
        return data, self.penalty / (n if self.penalty_over_n else 1.0) * (n if self.penalty_by_n else 1.0)

    @property
    def words(self) -> list[str]:
        """Say what is not usual about it."""
        said = []
        if self.by_n:
            said.append("the loss is a sum over the samples")
        if self.over_outputs:
            said.append("the loss is a mean over the outputs too")
        if self.data < 0:
            said.append("the code climbs: its gradient is that of the negative loss")
        if abs(self.data) not in (1.0,):
            said.append(f"the data loss is {abs(self.data):g} times ours")
        if self.penalty == 0.0:
            said.append("the penalty is left to somebody else")
        elif abs(self.penalty) != 1.0:
            said.append(f"the penalty is {abs(self.penalty):g} λ Σ W²")
        if self.penalty_by_n:
            said.append("the penalty is multiplied by N too")
        if self.penalty_over_n:
            said.append("the penalty is divided by N")
        return said


def scales(*, penalized: bool) -> Iterator[Scale]:
    """Every convention, the usual ones first."""
    strengths = [(1.0, False), (0.5, False), (0.5, True), (1.0, True), (0.0, False)] if penalized else [(1.0, False)]
    for (data, by_n), (penalty, over) in itertools.product(
        [(1.0, False), (1.0, True), (-1.0, False), (-1.0, True), (2.0, False), (0.5, False), (2.0, True), (0.5, True)],
        strengths,
    ):
        for sign in (1.0, -1.0) if data < 0 else (1.0,):
            yield Scale(data, by_n, -sign * penalty if data < 0 else penalty, over)
        if by_n and penalty:
            yield Scale(data, by_n, penalty if data > 0 else -penalty, over, penalty_by_n=True)
        if data > 0 and not by_n:
            yield Scale(data, by_n, penalty, over, over_outputs=True)


def same(given: Vector, right: Vector) -> bool:
    """Whether two arrays are equal but for rounding."""
    if given.shape != right.shape or not np.isfinite(given).all():
        return False
    largest = float(np.abs(right).max(initial=0.0))
    return bool(np.abs(given - right).max(initial=0.0) <= SAME * max(largest, 1e-12))


def squares(net: Network, theta: Vector) -> float:
    """Σ W²."""
    return float(sum((W * W).sum() for W, _ in net.views(theta)))


def outcome(net: Network, point: Point, scale: Scale, *edits: Edit) -> ProgramOutput | None:
    """Run the program at a point under a convention, with edits."""
    run = program_of(net, point, scale).run(*edits)
    return None if run is None else replace(run, loss=run.loss / scale.at(point)[0])


def right_loss(net: Network, point: Point, scale: Scale) -> float:
    """Return the loss at a point in a convention, its penalty with it."""
    right = outcome(net, point, Scale())
    assert right is not None, "The right program runs."  # noqa: S101
    return loss_in(scale, net, point, right.loss)


def loss_in(scale: Scale, net: Network, point: Point, mean: float) -> float:
    """Put a mean and the penalty together in a convention."""
    data, penalty = scale.at(point)
    return data * mean + penalty * point.l2 * squares(net, point.theta)


@lru_cache(maxsize=8)
def every_edit(net: Network) -> tuple[Edit, ...]:
    """Every edit of this network's program, made once."""
    return tuple(edits_for(net))


@lru_cache(maxsize=16)
def alone(net: Network, point: Point, scale: Scale) -> list[tuple[Edit, ProgramOutput | None]]:
    """What each edit by itself gives at a point: whatever a student's code gave."""
    return [(one, outcome(net, point, scale, one)) for one in every_edit(net)]


@lru_cache(maxsize=64)
def program_of(net: Network, point: Point, scale: Scale) -> Program:
    """Return the right program of a network at a point, its loss in this convention."""
    data, penalty = scale.at(point)
    program = Program(net, point)
    program.values["share"] = program.values["share"] * data
    program.values["l2"] = point.l2 * penalty
    program.values["zero"] = 0.0
    return program
