"""Search: one edit of the program, or two, that give what a student's code gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.conventions import SAME, TINY, alone, flat, outcome, program_of, runs_of, same, slices_of
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.program import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.check.conventions import Answer, Scale
    from chainrule.check.edits.program import Point, Program, Vector
    from chainrule.network.network import Network

Mask: TypeAlias = "npt.NDArray[np.bool_]"
Numbers: TypeAlias = "npt.NDArray[np.intp]"

Rows: TypeAlias = "npt.NDArray[np.float64]"

SAID_OF_ZERO = ("gradient-zero", "bias-missing", "penalty-missing")
SCALING = ("factor-two", "factor-half", "sign", "mean-missing", "mean-twice")
OVERHEAD = 6  # steps that a run costs beside its own
IN_PROPORTION = {"updated-weights": 0.0, "derivative-of-other-activation": 0.0, "penalty-sign": 0.5}  # more than that
SHARE_OF_THREE = 2  # of the steps for pairs are run for three mistakes
MOST_EXTENDED = 5  # explanations of the weights that are tried with a bias's mistake
NEAREST = 3  # candidates told when nothing fits


@dataclass(frozen=True)
class Explanation:
    """One or two edits that give exactly what the student's code gives."""

    edits: tuple[Edit, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the mistakes are called."""
        return tuple(one.kind for one in self.edits)


class Search:
    """Looks for one edit, or two, that give the student's gradient at the first point; the others must agree."""

    def __init__(
        self,
        net: Network,
        points: Sequence[Point],
        answers: Sequence[Answer],
        scale: Scale,
        base: tuple[Edit, ...],
        edits: Sequence[Edit],
        names: Sequence[str] = (),
    ) -> None:
        self.net, self.points, self.answers, self.scale, self.base = net, points, answers, scale, base
        self.names = list(names or net.shapes)
        self.given = answers[0].blocks
        right = outcome(net, points[0], scale, *base)
        assert right is not None, "The program without edits runs."  # noqa: S101
        self.right = right.blocks
        self.slices = {name: part for name, part in slices_of(net).items() if name in self.names}
        right_row = flat(net, self.right)
        self.edits, self.rows = self._runs(edits, right_row)
        self.changed = ~self._columns(self.rows, right_row, np.abs(right_row))
        self.agrees = self._agreement()
        self.is_right = np.array([self._fits(self.right[n], n) for n in self.names])

    def _runs(self, edits: Sequence[Edit], right_row: Rows) -> tuple[list[Edit], Rows]:
        """The edits that are allowed and do not merely leave nothing at this point: that is said of a gradient of 0."""
        at = self.points[0]
        runs = runs_of(self.net, at, self.scale, self.base, edits) if self.base else alone(self.net, at, self.scale)
        allowed = set(map(id, edits))
        changed = ~self._columns(runs.rows, right_row, np.abs(right_row))
        naught = np.stack([~runs.rows[:, part].any(axis=1) for part in self.slices.values()], axis=1)
        said = np.array([one.kind in SAID_OF_ZERO for one in runs.edits], dtype=bool)
        only_zero = ~said & changed.any(axis=1) & (naught | ~changed).all(axis=1)
        kept = [k for k, one in enumerate(runs.edits) if id(one) in allowed and not only_zero[k]]
        return [runs.edits[k] for k in kept], runs.rows[kept]

    def _columns(self, rows: Rows, other: Rows, sizes: Rows) -> Mask:
        """Whether each block of each row equals that of another row but for rounding: ``same``, for all at once."""
        finite, columns = np.isfinite(rows), []
        with np.errstate(invalid="ignore"):
            off = np.abs(rows - other)
        for part in self.slices.values():
            largest = np.broadcast_to(sizes, rows.shape)[:, part].max(axis=1, initial=0.0)
            near = off[:, part].max(axis=1, initial=0.0) <= SAME * np.maximum(largest, TINY)
            columns.append(near & finite[:, part].all(axis=1))
        return np.stack(columns, axis=1)

    def _agreement(self) -> Mask:
        """Whether each edit gives each block that came."""
        given = {name: self.given.get(name) for name in self.net.shapes}
        fits = [g is not None and g.shape == self.net.shapes[n] for n, g in given.items()]
        filled = {
            n: g if fit and g is not None else np.full(self.net.shapes[n], np.nan)
            for (n, g), fit in zip(given.items(), fits, strict=True)
        }
        return self._columns(self.rows, flat(self.net, filled), np.abs(self.rows))

    def _fits(self, candidate: Vector, name: str) -> bool:
        given = self.given.get(name)
        return given is not None and same(given, candidate)

    def explanations(self, most_steps: int) -> tuple[Explanation, ...]:
        """Return one class of explanations: single edits if any, else pairs, whose runs take up to so many steps."""
        singles = [Explanation((*self.base, one)) for k, one in enumerate(self.edits) if self.agrees[k].all()]
        confirmed = [one for one in singles if self._everywhere(one)]
        return tuple(confirmed or (self._pairs(most_steps) if most_steps else []))

    def mixed(self) -> tuple[Explanation, ...]:
        """Return weights updated too early, at whatever rate, or a leak of whatever slope: both come in proportion."""
        found = []
        for k, one in enumerate(self.edits):
            if one.kind in IN_PROPORTION and (share := self._share(k)) is not None and share > IN_PROPORTION[one.kind]:
                shares = [_share_of(self.net, *pair, self.scale, self.base, one) for pair in self._others()]
                if all(other is not None and abs(other - share) <= 1e-4 * share for other in shares):
                    found.append(Explanation((*self.base, one)))
        return tuple(found[:1])

    @cached_property
    def program(self) -> Program:
        """The right program at the first point."""
        return program_of(self.net, self.points[0], self.scale)

    def _others(self) -> list[tuple[Point, Answer]]:
        return list(zip(self.points[1:], self.answers[1:], strict=True))

    def _share(self, k: int) -> float | None:
        if not (self.agrees[k] | self.changed[k]).all():
            return None
        return _share_of(self.net, self.points[0], self.answers[0], self.scale, self.base, self.edits[k])

    def with_bias_mistakes(self, whole: Search, most_steps: int) -> tuple[Explanation, ...]:
        """Return edits that give the weights' gradients, with one more that changes biases' gradients alone."""
        of_biases = [one for one in whole.edits if all(name[1:3].startswith("b") for name in one.changes)]
        for explanation in self.explanations(most_steps // SHARE_OF_THREE)[:MOST_EXTENDED]:
            for one in of_biases:
                more = Explanation((*explanation.edits, one))
                run = outcome(self.net, self.points[0], self.scale, *more.edits)
                fits = run is not None and all(whole._fits(run.blocks[name], name) for name in whole.names)
                if fits and whole._everywhere(more):
                    return (more,)
        return ()

    def _pairs(self, most_steps: int) -> list[Explanation]:
        c, a = self.changed, self.agrees
        if not len(c):
            return []
        fits = np.ones((len(c), len(c)), dtype=bool)
        for k in range(len(self.names)):
            one, other = c[:, k][:, None], c[:, k][None, :]
            alone, also = a[:, k][:, None], a[:, k][None, :]
            fits &= np.where(one & ~other, alone, True) & np.where(~one & other, also, True)
            fits &= np.where(~one & ~other, self.is_right[k], True)
        scaling = np.array([one.kind in SCALING for one in self.edits])
        fits &= ~(scaling[:, None] & scaling[None, :] & (c.astype(int) @ c.T.astype(int) > 0))  # two twos are a four
        pairs = np.argwhere(np.triu(fits, 1))
        both = (c[pairs[:, 0]] & c[pairs[:, 1]]).sum(axis=1)  # blocks of which only a run can tell
        found = []
        for i, j in self._affordable(pairs[np.argsort(both, kind="stable")], most_steps).tolist():
            for pair in self._orders(i, j):
                if not self._may_fit(pair, c[i] & c[j]):
                    continue
                run = outcome(self.net, self.points[0], self.scale, *self.base, *pair)
                if run is not None and all(self._fits(run.blocks[name], name) for name in self.names):
                    explanation = Explanation((*self.base, *pair))
                    if self._everywhere(explanation):
                        found.append(explanation)
                    break
        return sorted(found, key=lambda one: (_steps_changed_twice(one), *rank(one)))

    def _may_fit(self, pair: tuple[Edit, Edit], both: Mask) -> bool:
        """Whether the blocks that two edits both change come out as they came, one after the other: most do not."""
        edits = (*self.base, *pair)
        for name in [name for name, changed in zip(self.names, both.tolist(), strict=True) if changed][::-1]:
            block = self.program.block(name, edits)
            if block is None or not self._fits(block, name):
                return False
        return True

    def _affordable(self, pairs: Numbers, most_steps: int) -> Numbers:
        """As many pairs as can be run in good time: those that change late steps alone are soon run."""
        program = self.program
        first = np.array([program.first(one) for one in self.edits])
        costs = OVERHEAD + len(program.steps) - np.minimum(first[pairs[:, 0]], first[pairs[:, 1]])
        return pairs[np.cumsum(costs) <= most_steps]

    def _orders(self, i: int, j: int) -> list[tuple[Edit, Edit]]:
        """Both orders of two edits, where it matters which comes first: they change the same step."""
        one, other = self.edits[i], self.edits[j]
        same_step = not one.changes.keys().isdisjoint(other.changes)
        return [(one, other), (other, one)] if same_step else [(one, other)]

    def _everywhere(self, explanation: Explanation) -> bool:
        """Whether it holds at the other points too."""
        for point, answer in zip(self.points[1:], self.answers[1:], strict=True):
            run = outcome(self.net, point, self.scale, *explanation.edits)
            if run is None:
                return False
            for name in self.names:
                given = answer.blocks.get(name)
                if given is None or not same(given, run.blocks[name]):
                    return False
        return True

    def of_some_entries(self) -> tuple[Explanation, ...]:
        """Return single edits that give the entries that are wrong, where others of their blocks are right.

        Somebody who writes a unit's derivatives by themselves can make a mistake in one unit.
        """
        masks = self._masks()
        if masks is None:
            return ()
        if (copied := self._copied(masks)) is not None:
            return (Explanation((*self.base, copied)),)
        found = [Explanation((*self.base, one)) for one in self.edits if self._gives(one, masks)]
        return tuple(found)

    def _copied(self, masks: dict[str, Mask]) -> Edit | None:
        """The mistake where wrong entries of one dW are right ones of another row or column, which are right as well.

        A line that was copied and not changed in all its places: its input is another's, or its unit's error.
        """
        wrong = [name for name, mask in masks.items() if mask.any()]
        if len(wrong) != 1 or wrong[0][0] != "W":
            return None
        number, symbol = int(wrong[0][1:]), f"d{wrong[0]}"
        places = np.argwhere(masks[wrong[0]])
        for axis, kind, reads in ((0, "wrong-input", "another input"), (1, "wrong-error", "another unit's error")):
            if all(self._is_of_another(wrong[0], (i, j), axis) for i, j in places.tolist()):
                return Edit(kind, number, symbol, {symbol: replace}, reads=reads)
        return None

    def _is_of_another(self, name: str, place: tuple[int, int], axis: int) -> bool:
        """Whether an entry is, at every point, the right one of one other row (axis 0) or column."""
        others = [k for k in range(self.net.shapes[name][axis]) if k != place[axis]]
        for other in others:
            at = (other, place[1]) if axis == 0 else (place[0], other)
            runs = [outcome(self.net, point, self.scale, *self.base) for point in self.points]
            pairs = zip(self.answers, runs, strict=True)
            if all(run and np.isclose(one.blocks[name][place], run.blocks[name][at], rtol=SAME) for one, run in pairs):
                return True
        return False

    def wrong_entries(self) -> tuple[str, ...]:
        """Name the entries that are wrong: db1[1], dW1[0, 1], …."""
        masks = self._masks() or {}
        return tuple(
            f"d{name}[{', '.join(map(str, place))}]"
            for name, mask in masks.items()
            for place in np.argwhere(mask).tolist()
        )

    def _masks(self) -> dict[str, Mask] | None:
        """Which entries are wrong at any point; None where some wrong block has no right entry, or all too few."""
        masks: dict[str, Mask] = {}
        for point, answer in zip(self.points, self.answers, strict=True):
            right = outcome(self.net, point, self.scale, *self.base)
            for name in self.names:
                given = answer.blocks.get(name)
                if right is None or given is None or given.shape != right.blocks[name].shape:
                    return None
                limit = SAME * max(float(np.abs(right.blocks[name]).max(initial=0.0)), TINY)
                off = ~(np.abs(given - right.blocks[name]) <= limit)
                masks[name] = masks.get(name, np.zeros(off.shape, dtype=bool)) | off
        wrong = [mask for mask in masks.values() if mask.any()]
        return None if not wrong or any(mask.all() for mask in wrong if mask.size > 1) else masks

    def _gives(self, one: Edit, masks: dict[str, Mask]) -> bool:
        """Whether an edit gives what came where that is wrong, at every point."""
        for point, answer in zip(self.points, self.answers, strict=True):
            run = outcome(self.net, point, self.scale, *self.base, one)
            if run is None:
                return False
            for name, mask in masks.items():
                if mask.any() and not same(answer.blocks[name][mask], run.blocks[name][mask]):
                    return False
        return True

    def nearest(self) -> tuple[tuple[Explanation, float], ...]:
        """Return the single edits that come closest, with the share of the blocks they explain."""
        shares = self.agrees.mean(axis=1) if len(self.edits) else np.empty(0)
        best = np.argsort(-shares, kind="stable")[:NEAREST]
        least = float(self.is_right.mean())
        return tuple((Explanation((self.edits[k],)), float(shares[k])) for k in best if shares[k] > least)


def _share_of(
    net: Network, point: Point, answer: Answer, scale: Scale, base: tuple[Edit, ...], one: Edit
) -> float | None:
    """The c with which the gradient is right + c (edited − right); None where there is none."""
    right, edited = outcome(net, point, scale, *base), outcome(net, point, scale, *base, one)
    if right is None or edited is None or any(answer.blocks.get(n) is None for n in net.shapes):
        return None
    given, start = flat(net, answer.blocks), flat(net, right.blocks)
    way = flat(net, edited.blocks) - start
    if given.shape != start.shape or not np.isfinite(way).all() or not way.any():
        return None
    share = float(way @ (given - start) / (way @ way))
    limit = SAME * float(np.abs(given).max())
    return share if np.abs(given - start - share * way).max() <= limit and abs(share) > 1e-9 else None


def _steps_changed_twice(explanation: Explanation) -> int:
    """How many steps two edits change: one mistake that hides half of another is a roundabout way to say both."""
    changed = [symbol for edit in explanation.edits for symbol in edit.changes]
    return len(changed) - len(set(changed))


ORDER = {kind: number for number, kind in enumerate(KINDS)}


def rank(explanation: Explanation) -> tuple[int, ...]:
    """Simple and usual things first."""
    return (len(explanation.edits), sum(ORDER[kind] for kind in explanation.kinds))
