"""Conventions: what a student's code gives, the scale of its loss, and the program run under that scale."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.edits.mistakes import edits_for
from chainrule.check.edits.program import Point, Program, ProgramOutput
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from chainrule.check.edits.program import Blocks, Edit, Vector
    from chainrule.network.network import Network

TINY = 1e-8  # what is as small is 0 but for rounding
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

    def factors_off(self, other: Scale) -> int:
        """How many of sign, number, N and K stand between two conventions of the data.

        >>> Scale(-2.0, by_n=True).factors_off(Scale())
        3
        """
        ratio = self.data / other.data
        differing = (ratio < 0, abs(ratio) != 1.0, self.by_n != other.by_n, self.over_outputs != other.over_outputs)
        return sum(differing)

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
        return said + ([f"the penalty is {self.penalty_words}"] if self.penalty_words else [])

    @property
    def penalty_words(self) -> str:
        """Say what is not usual about the penalty."""
        if self.penalty == 0.0:
            return "left out"
        factor = f"{abs(self.penalty):g} λ Σ W²" if abs(self.penalty) != 1.0 else "λ Σ W²"
        if self.penalty_by_n:
            return f"{factor}, multiplied by N"
        if self.penalty_over_n:
            return f"{factor}, divided by N"
        return factor if abs(self.penalty) != 1.0 else ""


CONVENTIONS: dict[str, Scale] = {
    "sum": Scale(by_n=True),
    "ascent": Scale(-1.0, penalty=-1.0),
    "double": Scale(2.0),
    "half": Scale(0.5),
    "mean-over-outputs": Scale(over_outputs=True),
}
"""What a caller may say of a gradient whose code tells no loss."""


def convention_of(named: str | Iterable[str] | None) -> Scale:
    """Return the convention of one name or several: what the data's part of the gradient is multiplied by.

    >>> convention_of(["ascent", "sum"]).data, convention_of(["ascent", "sum"]).by_n
    (-1.0, True)
    """
    names = [named] if isinstance(named, str) else list(named or ())
    for name in names:
        if name not in CONVENTIONS:
            raise InvalidValue(f"convention must be one or several of {', '.join(CONVENTIONS)}, got {name!r}.")
    chosen = [CONVENTIONS[name] for name in dict.fromkeys(names)]
    return Scale(
        data=float(np.prod([one.data for one in chosen])),
        by_n=any(one.by_n for one in chosen),
        penalty=float(np.prod([one.penalty for one in chosen])),
        over_outputs=any(one.over_outputs for one in chosen),
    )


@lru_cache(maxsize=8)
def scales(*, penalized: bool, several_outputs: bool) -> tuple[Scale, ...]:
    """Every convention, ±{1, 2, ½} × {1, N} × {1, 1/K} of the data, each with every usual penalty; usual ones first."""
    strengths = [(1.0, False), (0.5, False), (0.5, True), (1.0, True), (0.0, False)] if penalized else [(1.0, False)]
    sums = [(1.0, False), (1.0, True), (-1.0, False), (-1.0, True)]
    sums += [(data, by_n) for by_n in (False, True) for data in (2.0, 0.5, -2.0, -0.5)]
    found: list[Scale] = []
    for over_outputs, (data, by_n) in itertools.product((False, True) if several_outputs else (False,), sums):
        for penalty, over in strengths:
            signs = (1.0,) if data > 0 else (-1.0, 1.0)
            found += [Scale(data, by_n, sign * penalty, over, over_outputs) for sign in signs]
            if by_n and penalty:
                found.append(Scale(data, by_n, np.sign(data) * penalty, over, over_outputs, penalty_by_n=True))
    return tuple(sorted(found, key=lambda one: one.over_outputs and one.data not in (1.0, 2.0)))


def same(given: Vector, right: Vector) -> bool:
    """Whether two arrays are equal but for rounding."""
    if given.shape != right.shape or not np.isfinite(given).all():
        return False
    largest = float(np.abs(right).max(initial=0.0))
    return bool(np.abs(given - right).max(initial=0.0) <= SAME * max(largest, TINY))


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


Parts: TypeAlias = "dict[str, tuple[Vector, Vector]]"


@lru_cache(maxsize=64)
def parts_of(net: Network, point: Point, *edits: Edit) -> Parts | None:
    """Return the data's and the penalty's part of each block: in every convention the gradient is made of these two."""
    whole, data = outcome(net, point, Scale(), *edits), outcome(net, point, Scale(penalty=0.0), *edits)
    if whole is None or data is None:
        return None
    return {name: (data.blocks[name], whole.blocks[name] - data.blocks[name]) for name in net.shapes}


def blocks_in(scale: Scale, point: Point, parts: Parts) -> Blocks:
    """Put both parts together in a convention."""
    data, penalty = scale.at(point)
    return {name: data * of_data + penalty * of_penalty for name, (of_data, of_penalty) in parts.items()}


@lru_cache(maxsize=8)
def every_edit(net: Network) -> tuple[Edit, ...]:
    """Every edit of this network's program, made once."""
    return tuple(edits_for(net))


@dataclass(frozen=True, eq=False)
class Runs:
    """What edits give at a point: a row for each that runs, its blocks one after the other."""

    edits: tuple[Edit, ...]
    rows: npt.NDArray[np.float64]


def runs_of(net: Network, point: Point, scale: Scale, base: tuple[Edit, ...], edits: Iterable[Edit]) -> Runs:
    """Run the program with each edit by itself, after those of the base."""
    found = [(one, run) for one in edits if (run := outcome(net, point, scale, *base, one)) is not None]
    rows = [flat(net, run.blocks) for _, run in found]
    return Runs(tuple(one for one, _ in found), np.array(rows).reshape(len(rows), net.n_parameters))


@lru_cache(maxsize=16)
def alone(net: Network, point: Point, scale: Scale) -> Runs:
    """What each edit by itself gives at a point: whatever a student's code gave."""
    return runs_of(net, point, scale, (), every_edit(net))


def flat(net: Network, blocks: Blocks) -> npt.NDArray[np.float64]:
    """Blocks one after the other, as theta has them."""
    return np.concatenate([np.asarray(blocks[name], dtype=np.float64).ravel() for name in net.shapes])


def slices_of(net: Network) -> dict[str, slice]:
    """Where each block stands in theta."""
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in net.shapes.values())]).tolist()
    return {name: slice(begin, end) for name, begin, end in zip(net.shapes, ends, ends[1:], strict=False)}


@lru_cache(maxsize=64)
def program_of(net: Network, point: Point, scale: Scale) -> Program:
    """Return the right program of a network at a point, its loss in this convention."""
    data, penalty = scale.at(point)
    program = Program(net, point)
    program.values["share"] = program.values["share"] * data
    program.values["l2"] = point.l2 * penalty
    program.values["zero"] = 0.0
    return program
