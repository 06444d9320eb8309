"""Diagnosis: which edits of the program explain what a student's code gives, at one point and at another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import Scale, every_edit, loss_in, outcome, same, scales
from chainrule.check.edits.mistakes import all_pairs, blind_of_the_text, label_blind
from chainrule.check.search import Explanation, Search
from chainrule.maths.losses import LOSSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.conventions import Answer
    from chainrule.check.edits.program import Edit, Point, ProgramOutput
    from chainrule.network.network import Network

USUAL = Scale()
FORWARD = ("softmax-axis", "softmax-over-everything", "activation-wrong", "bias-not-added")
CONVENTIONS = 3  # under which a gradient whose loss is not told is explained
PAIR_CONVENTIONS = 2  # under which pairs are looked for, too


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found: explanations that are one class (no point tells them apart), or the nearest that do not fit."""

    wrong: tuple[str, ...]  # blocks, walking backward
    explanations: tuple[Explanation, ...] = ()
    nearest: tuple[tuple[Explanation, float], ...] = ()
    forward_wrong: bool = False
    loss_wrong: bool = False
    scale: Scale = USUAL
    reading: str | None = None  # of a loss that is another one
    partly: bool = False  # the outputs are explained, the gradient is not
    entries: tuple[str, ...] = ()  # the only ones that are wrong, where the explanation holds for them alone

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.wrong or self.forward_wrong or self.loss_wrong)


class MistakeFinder:
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

    def _runs(self, base: tuple[Edit, ...]) -> list[ProgramOutput]:
        runs = [outcome(self.net, point, Scale(), *base) for point in self.points]
        return [run for run in runs if run is not None]

    def _loss_is(self, scale: Scale, means: Sequence[float]) -> bool:
        if len(means) != len(self.points):
            return False
        for answer, point, mean in zip(self.answers, self.points, means, strict=True):
            expected = loss_in(scale, self.net, point, mean)
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
            if found := search.explanations(most_steps // (1 + number) if number < PAIR_CONVENTIONS else 0):
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
