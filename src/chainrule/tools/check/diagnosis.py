"""Diagnosis: which edits of the program explain what a student's code gives, at one point and at another."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.maths.losses import LOSSES
from chainrule.tools.check.kinds import KINDS
from chainrule.tools.check.mistakes import all_pairs, blind_of_the_text, edits_for, label_blind
from chainrule.tools.check.program import Outcome, Point, Program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from chainrule.network.network import Network
    from chainrule.tools.check.program import Blocks, Edit, Vector

Mask: TypeAlias = "npt.NDArray[np.bool_]"
Numbers: TypeAlias = "npt.NDArray[np.intp]"

SAME = 1e-6  # relative to a block's largest entry: somebody's log(y + 1e-8) is no mistake
FORWARD = ("softmax-axis", "softmax-over-everything", "activation-wrong", "bias-not-added")
CONVENTIONS = 3  # under which a gradient whose loss is not told is explained
PAIR_CONVENTIONS = 2  # under which pairs are looked for, too
OVERHEAD = 6  # steps that a run costs beside its own
NEAREST = 3  # candidates told when nothing fits


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


@dataclass(frozen=True)
class Explanation:
    """One or two edits that give exactly what the student's code gives."""

    edits: tuple[Edit, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the mistakes are called."""
        return tuple(one.kind for one in self.edits)


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found: explanations that are one class (no point tells them apart), or the nearest that do not fit."""

    wrong: tuple[str, ...]  # blocks, walking backward
    explanations: tuple[Explanation, ...] = ()
    nearest: tuple[tuple[Explanation, float], ...] = ()
    forward_wrong: bool = False
    loss_wrong: bool = False
    scale: Scale = Scale()
    reading: str | None = None  # of a loss that is another one
    partly: bool = False  # the outputs are explained, the gradient is not
    entries: tuple[str, ...] = ()  # the only ones that are wrong, where the explanation holds for them alone

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.wrong or self.forward_wrong or self.loss_wrong)


def same(given: Vector, right: Vector) -> bool:
    """Whether two arrays are equal but for rounding."""
    if given.shape != right.shape or not np.isfinite(given).all():
        return False
    largest = float(np.abs(right).max(initial=0.0))
    return bool(np.abs(given - right).max(initial=0.0) <= SAME * max(largest, 1e-12))


class Doctor:
    """Holds answers at several points against the program of a network, as it should be and with edits."""

    def __init__(self, net: Network, points: Sequence[Point], answers: Sequence[Answer]) -> None:
        self.net = net
        self.points = list(points)
        self.answers = list(answers)
        self.rights = [right for point in points if (right := outcome(net, point, Scale()))]

    def diagnose(self, *, steps_for_pairs: int = 0) -> Diagnosis:
        """Say what is wrong; two mistakes at once are looked for as long as their runs take no more steps than that."""
        Y_wrong = any(a.Y is not None and not same(a.Y, r.Y) for a, r in zip(self.answers, self.rights, strict=True))
        base: tuple[Edit, ...] = ()
        if Y_wrong:
            base = self._explain_outputs()
        scale, reading = self._read_loss(base)
        if scale is None and reading is None and not base and self.answers[0].Y is None:
            base, scale = self._explain_loss()
            if base:
                found = self._explain_gradient(scale, base, Y_wrong=True, most_steps=steps_for_pairs)
                return replace(found, forward_wrong=True)
        loss_wrong = scale is None
        found = self._explain_gradient(scale, base, Y_wrong=Y_wrong, most_steps=steps_for_pairs)
        return replace(found, forward_wrong=Y_wrong, loss_wrong=loss_wrong and not Y_wrong, reading=reading)

    # --- forward ---------------------------------------------------------------------------------------------------

    def _explain_outputs(self) -> tuple[Edit, ...]:
        """Find the edit of the forward pass that gives the student's outputs."""
        for candidate in every_edit(self.net):
            if _is_forward(candidate):
                runs = [outcome(self.net, point, Scale(), candidate) for point in self.points]
                pairs = zip(self.answers, runs, strict=True)
                if all(run is not None and a.Y is not None and same(a.Y, run.Y) for a, run in pairs):
                    return (candidate,)
        return ()

    # --- loss ------------------------------------------------------------------------------------------------------

    def _read_loss(self, base: tuple[Edit, ...]) -> tuple[Scale | None, str | None]:
        """Return the convention of the student's loss, None if it is none of ours, and the name of another loss."""
        told = [answer.loss for answer in self.answers]
        if any(loss is None for loss in told):
            return Scale(), None
        penalized = any(point.l2 for point in self.points)
        means = [run.loss for run in self._runs(base)]
        for scale in scales(penalized=penalized):
            if self._loss_is(scale, means):
                return scale, None
        others_known = [(loss.name, loss.value) for loss in LOSSES.values() if loss.name != self.net.loss.name]
        others_known += [("label-blind", blind_of_the_text(10.0**-k)) for k in range(2, 16)]
        others_known += [("label-blind", label_blind), ("broadcast", all_pairs(self.net))]
        for name, value in others_known:
            with np.errstate(all="ignore"):
                others = [
                    float(np.mean(value(run.Y, point.T)))
                    for run, point in zip(self._runs(base), self.points, strict=True)
                ]
            for scale in scales(penalized=penalized):
                if self._loss_is(scale, others):
                    return None, name
        return None, None

    def _explain_loss(self) -> tuple[tuple[Edit, ...], Scale | None]:
        """Find the edit of the forward pass whose outputs have the student's loss."""
        for candidate in every_edit(self.net):
            if _is_forward(candidate):
                means = [run.loss for run in self._runs((candidate,))]
                for scale in scales(penalized=any(point.l2 for point in self.points)):
                    if self._loss_is(scale, means):
                        return (candidate,), scale
        return (), None

    def _runs(self, base: tuple[Edit, ...]) -> list[Outcome]:
        runs = [outcome(self.net, point, Scale(), *base) for point in self.points]
        return [run for run in runs if run is not None]

    def _loss_is(self, scale: Scale, means: Sequence[float]) -> bool:
        if len(means) != len(self.points):
            return False
        for answer, point, mean in zip(self.answers, self.points, means, strict=True):
            data, penalty = scale.at(point)
            expected = data * mean + penalty * point.l2 * squares(self.net, point.theta)
            if answer.loss is None or not abs(answer.loss - expected) <= 1e-6 * max(abs(expected), 1e-12):
                return False
        return True

    # --- gradient --------------------------------------------------------------------------------------------------

    def _explain_gradient(
        self, scale: Scale | None, base: tuple[Edit, ...], *, Y_wrong: bool, most_steps: int
    ) -> Diagnosis:
        """Find what explains the gradient, under the loss's own convention, or any if the loss is not told."""
        told = self.answers[0].loss is not None
        tried = [self._for_steps(scale)] if told and scale is not None else list(self._untold())
        for one in tried:
            if not self._wrong(one, base):
                return Diagnosis((), scale=one, explanations=self._as_explanations(base))
        first = tried[0]
        if not all(np.isfinite(block).all() for answer in self.answers for block in answer.blocks.values()):
            return Diagnosis(self._wrong(first, base), self._as_explanations(base), scale=first, partly=bool(base))
        known = Y_wrong or bool(base) or self.answers[0].Y is not None  # what the outputs are
        edits = [one for one in every_edit(self.net) if not (known and _is_forward(one)) or _may_be_backward(one, base)]
        for number, one in enumerate([first] if told else tried[:CONVENTIONS]):
            search = Search(self.net, self.points, self.answers, one, base, edits)
            if found := search.explanations(most_steps if number < PAIR_CONVENTIONS else 0):
                return Diagnosis(self._wrong(one, base), found, scale=one)
            if most_steps and (found := search.of_some_entries()):
                return Diagnosis(self._wrong(one, base), found, scale=one, entries=search.wrong_entries())
            if one is first:
                nearest = search.nearest()
        return Diagnosis(self._wrong(first, base), self._as_explanations(base), nearest, scale=first, partly=bool(base))

    def _as_explanations(self, base: tuple[Edit, ...]) -> tuple[Explanation, ...]:
        return (Explanation(base),) if base else ()

    def _for_steps(self, scale: Scale) -> Scale:
        """A step's direction is its own: up a likelihood is down its negative."""
        if not self.answers[0].steps:
            return scale
        return replace(scale, data=abs(scale.data), penalty=abs(scale.penalty))

    def _untold(self) -> Iterator[Scale]:
        """Every convention of a gradient whose loss nobody tells."""
        for one in scales(penalized=any(point.l2 for point in self.points)):
            same_as_usual = one.over_outputs and self.net.n_outputs == 1
            if not same_as_usual and not (self.answers[0].steps and one.data < 0):
                yield one

    def _wrong(self, scale: Scale, base: tuple[Edit, ...]) -> tuple[str, ...]:
        """The blocks that are wrong at any point, walking backward."""
        wrong: set[str] = set()
        for point, answer in zip(self.points, self.answers, strict=True):
            right = outcome(self.net, point, scale, *base)
            for name in self.net.shapes:
                given = answer.blocks.get(name)
                if right is None or given is None or not same(given, right.blocks[name]):
                    wrong.add(name)
        return tuple(name for name in backward_order(self.net) if name in wrong)


def _is_forward(one: Edit) -> bool:
    return one.kind in FORWARD or one.symbol in ("X", "ones")


def _may_be_backward(one: Edit, base: tuple[Edit, ...]) -> bool:
    """Whether a mistake of the forward pass may be in the gradient alone: a forward pass of its own."""
    return not base and (one.kind.startswith("softmax") or one.symbol == "X")


def backward_order(net: Network) -> list[str]:
    """Blocks from the last layer to the first, a bias before its weights."""
    return list(reversed(list(net.shapes)))


def squares(net: Network, theta: Vector) -> float:
    """Σ W²."""
    return float(sum((W * W).sum() for W, _ in net.views(theta)))


def outcome(net: Network, point: Point, scale: Scale, *edits: Edit) -> Outcome | None:
    """Run the program at a point under a convention, with edits."""
    run = _program(net, point, scale).run(*edits)
    return None if run is None else replace(run, loss=run.loss / scale.at(point)[0])


@lru_cache(maxsize=8)
def every_edit(net: Network) -> tuple[Edit, ...]:
    """Every edit of this network's program, made once."""
    return tuple(edits_for(net))


@lru_cache(maxsize=16)
def alone(net: Network, point: Point, scale: Scale) -> list[tuple[Edit, Outcome | None]]:
    """What each edit by itself gives at a point: whatever a student's code gave."""
    return [(one, outcome(net, point, scale, one)) for one in every_edit(net)]


@lru_cache(maxsize=64)
def _program(net: Network, point: Point, scale: Scale) -> Program:
    data, penalty = scale.at(point)
    program = Program(net, point)
    program.values["share"] = program.values["share"] * data
    program.values["l2"] = point.l2 * penalty
    program.values["zero"] = 0.0
    return program


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
    ) -> None:
        self.net, self.points, self.answers, self.scale, self.base = net, points, answers, scale, base
        self.names = list(net.shapes)
        self.given = answers[0].blocks
        right = outcome(net, points[0], scale, *base)
        assert right is not None, "The program without edits runs."  # noqa: S101
        self.right = right.blocks
        runs = (
            alone(net, points[0], scale) if not base else [(k, outcome(net, points[0], scale, *base, k)) for k in edits]
        )
        allowed = set(map(id, edits))
        self.runs = [
            (one, run.blocks)
            for one, run in runs
            if id(one) in allowed and run is not None and not self._is_naught(one, run.blocks)
        ]
        self.changed = np.array([[not same(b[n], self.right[n]) for n in self.names] for _, b in self.runs])
        self.agrees = np.array([[self._fits(b[n], n) for n in self.names] for _, b in self.runs])
        self.is_right = np.array([self._fits(self.right[n], n) for n in self.names])

    def _is_naught(self, one: Edit, blocks: Blocks) -> bool:
        """Whether an edit only leaves nothing at this point: that is said of a gradient that is 0."""
        changed = [block for name, block in blocks.items() if not same(block, self.right[name])]
        said = one.kind in ("gradient-zero", "bias-missing", "penalty-missing")
        return not said and bool(changed) and not any(block.any() for block in changed)

    def _fits(self, candidate: Vector, name: str) -> bool:
        given = self.given.get(name)
        return given is not None and same(given, candidate)

    def explanations(self, most_steps: int) -> tuple[Explanation, ...]:
        """Return one class of explanations: single edits if any, else pairs, whose runs take up to so many steps."""
        singles = [Explanation((*self.base, one)) for k, (one, _) in enumerate(self.runs) if self.agrees[k].all()]
        confirmed = [one for one in singles if self._everywhere(one)]
        return tuple(confirmed or (self._pairs(most_steps) if most_steps else []))

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
        pairs = np.argwhere(np.triu(fits, 1))
        both = (c[pairs[:, 0]] & c[pairs[:, 1]]).sum(axis=1)  # blocks of which only a run can tell
        found = []
        for i, j in self._affordable(pairs[np.argsort(both, kind="stable")], most_steps):
            for pair in self._orders(i, j):
                run = outcome(self.net, self.points[0], self.scale, *self.base, *pair)
                if run is not None and all(self._fits(run.blocks[name], name) for name in self.names):
                    explanation = Explanation((*self.base, *pair))
                    if self._everywhere(explanation):
                        found.append(explanation)
                    break
        return sorted(found, key=_rank)

    def _affordable(self, pairs: Numbers, most_steps: int) -> Numbers:
        """As many pairs as can be run in good time: those that change late steps alone are soon run."""
        program = _program(self.net, self.points[0], self.scale)
        first = np.array([program.first(one) for one, _ in self.runs])
        costs = OVERHEAD + len(program.steps) - np.minimum(first[pairs[:, 0]], first[pairs[:, 1]])
        return pairs[np.cumsum(costs) <= most_steps]

    def _orders(self, i: int, j: int) -> list[tuple[Edit, Edit]]:
        """Both orders of two edits, where it matters which comes first: they change the same step."""
        one, other = self.runs[i][0], self.runs[j][0]
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
        found = [Explanation((*self.base, one)) for one, _ in self.runs if self._gives(one, masks)]
        return tuple(found)

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
                limit = SAME * max(float(np.abs(right.blocks[name]).max(initial=0.0)), 1e-12)
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
        shares = self.agrees.mean(axis=1) if len(self.runs) else np.empty(0)
        best = np.argsort(-shares, kind="stable")[:NEAREST]
        least = float(self.is_right.mean())
        return tuple((Explanation((self.runs[k][0],)), float(shares[k])) for k in best if shares[k] > least)


ORDER = {kind: number for number, kind in enumerate(KINDS)}


def _rank(explanation: Explanation) -> tuple[int, ...]:
    """Simple and usual things first."""
    return (len(explanation.edits), sum(ORDER[kind] for kind in explanation.kinds))
