"""Diagnosis: which edits of the program explain what a student's code gives, at one point and at another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import (
    SAME,
    Scale,
    alone,
    blocks_in,
    every_edit,
    flat,
    outcome,
    parts_of,
    same,
    scales,
)
from chainrule.check.factors import factors_of
from chainrule.check.loss_reading import LOSS_BLIND, explain_loss, is_forward, read_loss
from chainrule.check.search import Explanation, Search
from chainrule.check.stepwise.explained import StepwiseFound, read_own_values, read_stepwise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.conventions import Answer
    from chainrule.check.edits.program import Edit, Point
    from chainrule.check.told_loss import ToldLoss
    from chainrule.network.network import Network

USUAL = Scale()
MOST_CONVENTIONS = 3  # under which a gradient whose loss is not told is explained
PAIR_CONVENTIONS = 2  # under which pairs are looked for, too


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found: explanations that are one class (no point tells them apart), or the nearest that do not fit.

    Attributes
    ----------
    wrong : tuple of str
        Blocks, walking backward.
    explanations, nearest
        Edits that give the student's numbers; or those that come closest, with the share of blocks they explain.
    forward_wrong : bool
        Whether the outputs are wrong already.
    scale : Scale
        The convention of the gradient.
    told_scale : Scale or None
        That of the loss that was told, if it is the network's in some convention.
    reading : str or None
        Which loss was told, where it is another one: its name, or "unknown".
    by_differences : bool
        Whether the gradient is that of the told loss, by differences of it.
    partly : bool
        Whether the outputs are explained and the gradient is not.
    entries : tuple of str
        The only entries that are wrong, where the explanation holds for them alone.
    off_its_loss : bool
        Whether the gradient is right in a convention that is far from that of the told loss.
    not_outputs : bool
        Whether what was taken for outputs is none, beside a gradient that is right.
    unexplained, own_errors : tuple of str
        What a reading layer by layer leaves open; what is said of errors that have no name.
    sure : mapping of str to float
        How sure each kind of mistake is, where it was read layer by layer.
    """

    wrong: tuple[str, ...]
    explanations: tuple[Explanation, ...] = ()
    nearest: tuple[tuple[Explanation, float], ...] = ()
    forward_wrong: bool = False
    scale: Scale = USUAL
    told_scale: Scale | None = None
    reading: str | None = None
    by_differences: bool = False
    partly: bool = False
    entries: tuple[str, ...] = ()
    off_its_loss: bool = False
    not_outputs: bool = False
    unexplained: tuple[str, ...] = ()
    own_errors: tuple[str, ...] = ()
    sure: Mapping[str, float] | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, but for a factor perhaps."""
        return not (self.wrong or self.forward_wrong or self.reading in LOSS_BLIND)


class Diagnostician:
    """Holds answers at several points against the program of a network, as it should be and with edits.

    ``expected`` is the convention that the caller stated, ``loss`` the told loss as a function.
    """

    def __init__(
        self,
        net: Network,
        points: Sequence[Point],
        answers: Sequence[Answer],
        expected: Scale = USUAL,
        loss: ToldLoss | None = None,
    ) -> None:
        self.net = net
        self.points = list(points)
        self.answers = list(answers)
        self.expected = expected
        self.loss = loss
        self.told = all(answer.loss is not None for answer in answers)
        self.penalized = any(point.l2 for point in points)
        self.rights = [right for point in points if (right := outcome(net, point, Scale()))]

    def diagnose(self, *, steps_for_pairs: int = 0, by_layers: bool = False, any_rate: bool = False) -> Diagnosis:
        """Say what is wrong; two mistakes at once are looked for as long as their runs take no more steps than that.

        ``by_layers``: what neither one nor two edits explain is read layer by layer, perhaps as steps of ``any_rate``.
        """
        Y_wrong = any(a.Y is not None and not same(a.Y, r.Y) for a, r in zip(self.answers, self.rights, strict=True))
        base = self._explain_outputs() if Y_wrong else ()
        not_outputs = Y_wrong and not base and self.is_right_up_to_a_factor
        Y_wrong = Y_wrong and not not_outputs
        losses = tuple(answer.loss for answer in self.answers)
        scale, reading = read_loss(self.net, tuple(self.points), losses, base) if self.told else (None, None)
        if base and self.told and self._is_derivative_of_told_loss():
            return self._of_another_forward_pass(base, scale)
        if self.told and scale is None and not base and self.answers[0].Y is None:
            by_loss, other = explain_loss(self.net, tuple(self.points), losses)
            if other is not None and by_loss:
                if self._is_derivative_of_told_loss():
                    return self._of_another_forward_pass(by_loss, other)
                found = self._explain_gradient(
                    [self._for_steps(other)], by_loss, Y_wrong=True, most_steps=steps_for_pairs
                )
                if found.explanations and not found.partly:
                    return replace(found, forward_wrong=True, told_scale=other)
                if by_layers:
                    base, scale, Y_wrong = by_loss, other, True
        if reading is not None and reading not in LOSS_BLIND and not Y_wrong and self._is_derivative_of_told_loss():
            return Diagnosis((), reading=reading, by_differences=True)
        if scale is not None and not base and not Y_wrong and (other := self._off_its_loss(scale)) is not None:
            return Diagnosis((), scale=other, told_scale=scale, off_its_loss=True)
        conventions = self._conventions(scale, base)
        found = self._explain_gradient(conventions, base, Y_wrong=Y_wrong, most_steps=steps_for_pairs)
        if by_layers and found.wrong and (base or not Y_wrong):
            stated = self._for_steps(scale or self.expected)
            tried = [stated] * (stated in conventions) + [one for one in conventions if one != stated]
            known = self.answers[0].Y is not None
            read = read_stepwise(
                self.net, self.points, self.answers, tried, base, outputs_known=known, any_rate=any_rate
            )
            found = replace(found, unexplained=found.wrong) if read is None else self._with_read(found, read, base)
        return replace(found, forward_wrong=Y_wrong, told_scale=scale, reading=reading, not_outputs=not_outputs)

    def _of_another_forward_pass(self, forward: tuple[Edit, ...], scale: Scale | None) -> Diagnosis:
        """A forward pass that is not the network's, and the gradient of its own loss: the way back is right."""
        explained = self._as_explanations(forward)
        return Diagnosis((), explained, forward_wrong=True, told_scale=scale, by_differences=True)

    def _with_read(self, found: Diagnosis, read: StepwiseFound, base: tuple[Edit, ...]) -> Diagnosis:
        """A diagnosis with what was read layer by layer in the place of its explanations."""
        return replace(
            found,
            wrong=self._wrong(read.scale, base),
            explanations=read.explanations,
            scale=read.scale,
            partly=bool(read.unexplained),
            unexplained=read.unexplained,
            own_errors=read.own_errors,
            sure=read.sure,
        )

    def by_own_values(self, found: Diagnosis, singles: tuple[Sequence[Point], Sequence[Answer]] | None) -> Diagnosis:
        """Read single samples by the errors that the code has, where that leaves less open than was found before."""
        if singles is None or found.reading in LOSS_BLIND:
            return found
        base = found.explanations[0].edits if found.forward_wrong and found.explanations else ()
        base = tuple(one for one in base if is_forward(one))
        read = read_own_values(self.net, *singles, base)
        if read is None or len(read.unexplained) >= len(found.unexplained):
            return found
        return self._with_read(found, replace(_with_more(read, found), scale=found.scale), base)

    @property
    def is_right_up_to_a_factor(self) -> bool:
        """Whether the gradient is the network's in some convention, whatever loss is told."""
        return not self._wrong(self._conventions(None, ())[0], ())

    def _is_derivative_of_told_loss(self) -> bool:
        return self.loss is not None and self.loss.blocks_off(self.answers[0].blocks) == frozenset()

    def _off_its_loss(self, told: Scale) -> Scale | None:
        """The convention of a gradient that is two factors or more off the told loss's: what is printed is another."""
        if self.penalized or not self._wrong(self._for_steps(told), ()) or not self._wrong(self.expected, ()):
            return None
        scale = self._conventions(None, ())[0]
        return None if self._wrong(scale, ()) or scale.factors_off(self._for_steps(told)) < 2 else scale

    # --- forward ---------------------------------------------------------------------------------------------------

    def _explain_outputs(self) -> tuple[Edit, ...]:
        """Find the edit of the forward pass that gives the student's outputs."""
        for candidate in every_edit(self.net):
            if is_forward(candidate):
                runs = [outcome(self.net, point, Scale(), candidate) for point in self.points]
                pairs = zip(self.answers, runs, strict=True)
                if all(run is not None and a.Y is not None and same(a.Y, run.Y) for a, run in pairs):
                    return (candidate,)
        return ()

    # --- gradient --------------------------------------------------------------------------------------------------

    def _conventions(self, told: Scale | None, base: tuple[Edit, ...]) -> list[Scale]:
        """Conventions to hold the gradient against: the one in which most blocks are right first.

        Where the loss is told these are its own and the network's; else the whole grid, but a penalty that is missing
        is no convention.
        """
        if told is not None:
            over = replace(told, over_outputs=False)
            grid = list(dict.fromkeys(map(self._for_steps, (told, self.expected, USUAL, over))))
            if self.penalized and told.penalty:  # λ/2 in the loss and λ W in the gradient, or so, is a mistake
                data = (told.data, told.by_n, told.over_outputs)
                grid = grid[:1] + [one for one in grid[1:] if (one.data, one.by_n, one.over_outputs) != data]
            elif self.penalized:  # people print the loss without its penalty
                grid += [other for one in grid for other in self._with_penalties(one) if other not in grid]
        else:
            every = scales(penalized=self.penalized, several_outputs=self.net.n_outputs > 1)
            grid = [self.expected, *(one for one in every if one.penalty or not self.penalized)]
            grid = [one for one in grid if not (self.answers[0].steps and one.data < 0)]
        wrong = {}
        for one in grid:
            wrong[one] = len(self._wrong(one, base))
            if not wrong[one]:
                return [one]
        return sorted(wrong, key=lambda one: wrong[one])

    def _with_penalties(self, scale: Scale) -> list[Scale]:
        """A convention with every usual penalty that goes the way of its data."""
        every = scales(penalized=True, several_outputs=scale.over_outputs)
        alike = [one for one in every if one.penalty * scale.data > 0.0 and one.data == 1.0 and not one.over_outputs]
        signed = [replace(one, penalty=one.penalty * np.sign(scale.data)) for one in alike]
        return [replace(one, data=scale.data, by_n=scale.by_n, over_outputs=scale.over_outputs) for one in signed]

    def _explain_gradient(
        self, tried: Sequence[Scale], base: tuple[Edit, ...], *, Y_wrong: bool, most_steps: int
    ) -> Diagnosis:
        """Find what explains the gradient, in the first of these conventions that one edit explains it in."""
        first, as_base = tried[0], self._as_explanations(base)
        wrong = self._wrong(first, base)
        if not wrong:
            return Diagnosis((), scale=first, explanations=as_base)
        unexplained = Diagnosis(wrong, as_base, scale=first, partly=bool(base))
        if not all(np.isfinite(block).all() for answer in self.answers for block in answer.blocks.values()):
            return unexplained
        known = Y_wrong or bool(base) or self.answers[0].Y is not None  # what the outputs are
        edits = [one for one in every_edit(self.net) if not (known and is_forward(one)) or _may_be_backward(one, base)]
        searched = self._searched(tried) if base else self._searched([*self._promising(tried), *tried])
        searches = {one: Search(self.net, self.points, self.answers, one, base, edits) for one in searched}
        for scale, search in searches.items():
            if found := search.explanations(0):
                return Diagnosis(self._wrong(scale, base), found, scale=scale)
        in_numbers = set(factors_of(self.net, self.points, self.answers, first, wrong)) == set(wrong)
        paired = [first] if in_numbers else list(dict.fromkeys([first, *searches]))[:PAIR_CONVENTIONS]
        for scale, search in searches.items() if most_steps else ():
            if found := search.mixed():
                return Diagnosis(self._wrong(scale, base), found, scale=scale)
        for number, scale in enumerate(paired if most_steps else ()):
            if found_pair := self._with_pairs(searches[scale], most_steps // (1 + number)):
                return found_pair
        return replace(unexplained, nearest=searches[first].nearest())

    def _with_pairs(self, search: Search, most_steps: int) -> Diagnosis | None:
        """Look for two mistakes, and for one that is made in some entries alone."""
        wrong = self._wrong(search.scale, search.base)
        if found := search.explanations(most_steps):
            return Diagnosis(wrong, found, scale=search.scale)
        if found := search.of_some_entries():
            return Diagnosis(wrong, found, scale=search.scale, entries=search.wrong_entries())
        weights = [name for name in self.net.shapes if name.startswith("W")]
        if len(weights) < len(self.net.shapes) and any(name in wrong for name in weights):
            part = Search(self.net, self.points, self.answers, search.scale, search.base, search.edits, weights)
            if found := part.with_bias_mistakes(search, most_steps):
                return Diagnosis(wrong, found, scale=search.scale)
        return None

    def _searched(self, tried: Sequence[Scale]) -> list[Scale]:
        """The conventions that edits are looked for in: what was stated, then those in which most blocks are right.

        A loss that is told states more than the caller, or nobody, did.
        """
        stated = [] if self.told else [one for one in tried if one == self._for_steps(self.expected)]
        return list(dict.fromkeys([*stated, *tried]))[:MOST_CONVENTIONS]

    def _promising(self, tried: Sequence[Scale]) -> list[Scale]:
        """The conventions in which a single edit gives the whole gradient at the first point: a multiple of its own."""
        point, answer = self.points[0], self.answers[0]
        if len(tried) < MOST_CONVENTIONS or any(name not in answer.blocks for name in self.net.shapes):
            return []
        given, rows = flat(self.net, answer.blocks), alone(self.net, point, USUAL).rows
        if given.shape != rows.shape[1:]:
            return []
        with np.errstate(all="ignore"):
            factors = rows @ given / (rows * rows).sum(axis=1)
            off = np.abs(given - factors[:, None] * rows).max(axis=1)
        found = factors[np.isfinite(factors) & (off <= SAME * np.abs(given).max())]
        ours = [(one, *one.at(point)) for one in tried]
        alike = [(one, data) for one, data, penalty in ours if not self.penalized or np.isclose(data, penalty)]
        return [one for one, data in alike if np.isclose(data, found, rtol=1e-5).any()]

    def _as_explanations(self, base: tuple[Edit, ...]) -> tuple[Explanation, ...]:
        return (Explanation(base),) if base else ()

    def _for_steps(self, scale: Scale) -> Scale:
        """A step's direction is its own: up a likelihood is down its negative."""
        if not self.answers[0].steps:
            return scale
        return replace(scale, data=abs(scale.data), penalty=abs(scale.penalty))

    def _wrong(self, scale: Scale, base: tuple[Edit, ...]) -> tuple[str, ...]:
        """The blocks that are wrong at any point, walking backward."""
        wrong: set[str] = set()
        for point, answer in zip(self.points, self.answers, strict=True):
            parts = parts_of(self.net, point, *base)
            right = {} if parts is None else blocks_in(scale, point, parts)
            for name in self.net.shapes:
                given = answer.blocks.get(name)
                if given is None or name not in right or not same(given, right[name]):
                    wrong.add(name)
        return tuple(name for name in backward_order(self.net) if name in wrong)


def _with_more(read: StepwiseFound, before: Diagnosis) -> StepwiseFound:
    """A reading of single samples with the mistakes that were read before: a mean of one sample is none."""
    if before.sure is None or not before.explanations or not read.explanations:
        return read
    first, *others = read.explanations
    known = {(one.kind, one.layer) for one in first.edits}
    more = [one for one in before.explanations[0].edits if (one.kind, one.layer) not in known]
    explained = (Explanation((*more, *first.edits)), *others)
    return replace(read, explanations=explained, sure={**before.sure, **read.sure})


def _may_be_backward(one: Edit, base: tuple[Edit, ...]) -> bool:
    """Whether a mistake of the forward pass may be in the gradient alone: a forward pass of its own."""
    return not base and (one.kind.startswith("softmax") or one.symbol == "X")


def backward_order(net: Network) -> list[str]:
    """Blocks from the last layer to the first, a bias before its weights."""
    return list(reversed(list(net.shapes)))
