"""Observed steps: what parameters moved by between two looks, held against the network's gradient where they were.

A step is θ − θ′ = c ∇, for every block with the same c, of samples that the program held at that time. One number c for
all steps, from different θ, is what proves a program right; nothing here says that one is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import SAME, slices_of
from chainrule.check.observed_parameters import MOST_GUESSES, guesses_among
from chainrule.check.observed_samples import SeenRows, samples_in
from chainrule.errors import ChainruleError
from chainrule.network.backprop import output_delta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.check.observed_parameters import Guess
    from chainrule.check.observed_run import Look, Place, WatchedRun
    from chainrule.network.network import Network

MOST_STEPS = 6  # that are looked at in one place
FEWEST_STEPS = 2
FEWEST_OF_ONE_NUMBER = 3  # steps of one unit by one sample: the direction is that of any error there
MOST_MEMORY = 0.999  # of momentum; gradients that were never set back keep all
EPS = 8 * float(np.finfo(np.float64).eps)
TOLD = 1e-3  # how much of a change may be rounding
ROUGHLY = 1e-4  # of what is only looked at to save a closer look
MOST_TRIALS = 3_000  # of inputs and targets, in a program
MOST_ROWS = 4  # of a table, each alone


@dataclass(frozen=True, eq=False)
class ObservedStep:
    """A change of the parameters that is c times the gradient of the mean at theta, and for which samples."""

    begin: int
    end: int
    inputs: SeenRows
    targets: SeenRows
    gradient: Vector  # c times
    c: float
    memory: float = 0.0  # how much of the step before is in it: momentum

    @property
    def N(self) -> int:
        """How many samples it was made of."""
        return len(self.inputs.rows)

    def rate(self, *, by_n: bool) -> float:
        """c, or what it is to the gradient of the sum."""
        return self.c / self.N if by_n else self.c


@dataclass(frozen=True, eq=False)
class Observation:
    """Steps of one program that are all the gradient: where its parameters are."""

    guess: Guess
    steps: tuple[ObservedStep, ...]
    looks: tuple[Look, ...]

    @property
    def by_n(self) -> bool:
        """Whether one number is between the steps and the gradient of the sum, and none of the mean's."""
        return not _is_one([step.c for step in self.steps])


@dataclass(eq=False)
class Budget:
    """How many trials are left, for a program, in all widths together."""

    left: int = MOST_TRIALS


class Judge:
    """Holds changes against the gradient, each once."""

    def __init__(self, net: Network, budget: Budget) -> None:
        self.net, self.budget = net, budget
        self.parts = slices_of(net)
        self._samples: dict[tuple[int, int], tuple[list[SeenRows], list[SeenRows]]] = {}
        self._refuted: set[bytes] = set()

    def observed(self, watch: WatchedRun, is_own: Callable[[Observation], bool]) -> Observation | None:
        """The first steps of the code's own that are the gradient, all at one place; None where there are none."""
        self.watch, self._samples = watch, {}
        with np.errstate(all="ignore"):
            guesses = [(guesses_among(self.net, moving), looks) for looks, moving in watch.places]
            for k in range(MOST_GUESSES):  # the likeliest of every place first
                for some, looks in guesses:
                    found = self._by_steps(looks, some[k]) if k < len(some) else None
                    if found is not None and is_own(found):
                        return found
        return None

    def _by_steps(self, looks: Sequence[Look], guess: Guess) -> Observation | None:
        """Steps between looks at one place, where every one of them that can be judged is right."""
        steps: list[list[ObservedStep]] = []
        before: Vector | None = None
        whole: frozenset[Place] = frozenset()
        thetas = [guess.theta(one.values) if guess.is_in(one.values) else np.zeros(0) for one in looks]
        for (begin, theta), (end, after) in pairwise(zip(looks, thetas, strict=True)):
            if not theta.size or not after.size or len(steps) == MOST_STEPS:
                continue
            change = theta - after
            if self._can_be_judged(theta, change):
                memory = [before, steps[-1][0].gradient] if steps and before is not None else []
                times = (begin.time, end.time)
                able = self._step(theta, change, times, memory)
                if not able and (not steps or self.watch.seen_between(*times) >= whole):
                    return None
                if not able:  # its samples may have been in what was not looked at any more
                    break
                whole = whole or self.watch.seen_between(*times)
                steps.append(able)
            before = change
        return self._proven(guess, steps, looks)

    def _can_be_judged(self, theta: Vector, change: Vector) -> bool:
        """Whether every block moved, by more than rounding."""
        if not (np.isfinite(theta).all() and np.isfinite(change).all()):
            return False
        return all(
            np.abs(change[part]).max() * TOLD > EPS * max(float(np.abs(theta[part]).max()), 1e-3)
            for part in self.parts.values()
        )

    def _proven(self, guess: Guess, able: Sequence[list[ObservedStep]], looks: Sequence[Look]) -> Observation | None:
        """Steps that are many enough, all of one number c times the gradient of the mean, or of the sum."""
        of_one_number = self.net.n_outputs == 1 and any(some[0].N == 1 for some in able)
        if len(able) < (FEWEST_OF_ONE_NUMBER if of_one_number else FEWEST_STEPS):
            return None
        for first in able[0]:
            alike = [[one for one in some if _place(one) == _place(first)] for some in able]
            for by_n in (False, True):
                steps = [
                    next((one for one in some if _is_one([first.rate(by_n=by_n), one.rate(by_n=by_n)])), None)
                    for some in alike
                ]
                found = tuple(one for one in steps if one is not None)
                memories = [one.memory for one in found[1:]]
                if len(found) == len(steps) and (not any(memories) or _is_one(memories)):
                    return Observation(guess, found, tuple(looks))
        return None

    def _step(self, theta: Vector, change: Vector, times: tuple[int, int], before: list[Vector]) -> list[ObservedStep]:
        """The samples of which a change is c times the gradient; momentum keeps some of what was ``before``.

        Of a single output the direction is the same for all targets: which ones are meant, c tells.
        """
        mark = theta.tobytes() + change.tobytes()
        if mark in self._refuted or self.budget.left <= 0:
            return []
        for X, pairs in self._able(*self._samples_between(times), change, before):
            if found := self._fitting(theta, change, before, X, pairs):
                return [replace(one, begin=times[0], end=times[1]) for one in found]
        self._refuted.add(mark)
        return []

    def _samples_between(self, times: tuple[int, int]) -> tuple[list[SeenRows], list[SeenRows]]:
        if times not in self._samples:
            self._samples[times] = samples_in(self.net, self.watch.between(*times))
        return self._samples[times]

    def _able(
        self, inputs: Sequence[SeenRows], targets: Sequence[SeenRows], change: Vector, before: list[Vector]
    ) -> Iterator[tuple[SeenRows, list[SeenRows]]]:
        """Inputs that the first weights can have moved by, with targets of as many samples; then single rows."""
        wanted = change[self.parts["W1"]].reshape(self.net.shapes["W1"])
        for X in inputs:
            pairs = [T for T in targets if len(T.rows) == len(X.rows)]
            if pairs and (before or _spans(X.rows, wanted)):
                yield X, pairs
        for X in inputs:
            tables = [T for T in targets if len(T.rows) == len(X.rows) > 1]
            for k in _rows_along(X.rows, wanted) if tables else ():
                row = slice(k, k + 1)
                yield (
                    SeenRows(X.path, X.rows[row], X.doubt),
                    [SeenRows(T.path, T.rows[row], T.doubt) for T in tables],
                )

    def _fitting(
        self, theta: Vector, change: Vector, before: list[Vector], X: SeenRows, targets: Sequence[SeenRows]
    ) -> list[ObservedStep]:
        """The targets with which a change is c times the gradient: the last layer's weights alone are tried first."""
        net = self.net
        self.budget.left -= 1
        trace = net.forward(theta, X.rows)
        last = change[self.parts[f"W{len(net.layers)}"]]
        if not np.isfinite(trace.Y).all() or (not before and not _spans(trace.A[-2], last.reshape(-1, net.n_outputs))):
            return []
        found = []
        share = np.full((len(X.rows), 1), 1.0 / len(X.rows))
        for T in targets:
            if not before and not _is_along((trace.A[-2].T @ output_delta(net, trace, T.rows, share)).ravel(), last):
                continue
            self.budget.left -= 1
            try:
                gradient = net.backward(theta, trace, T.rows).theta
            except ChainruleError:  # targets that the loss cannot have
                continue
            if (fitted := self._fitted(theta, change, gradient, before)) is not None:
                found.append(ObservedStep(0, 0, X, T, fitted[0] * gradient, *fitted))
        return found

    def _fitted(
        self, theta: Vector, change: Vector, gradient: Vector, before: list[Vector]
    ) -> tuple[float, float] | None:
        """c, and how much of what was before is in this change: 0 if it can be without; None if it is no gradient."""
        if not np.isfinite(gradient).all() or not gradient.any():
            return None
        c = float(change @ gradient) / float(gradient @ gradient)
        if c and self._is_zero(theta, change, change - c * gradient):
            return c, 0.0
        for one in before:
            parts = np.stack([gradient, one], axis=1)
            (c, memory), *_ = np.linalg.lstsq(parts, change, rcond=None)
            if 0 < memory < MOST_MEMORY and self._is_zero(theta, change, change - parts @ np.array([c, memory])):
                return float(c), float(memory)
        return None

    def _is_zero(self, theta: Vector, change: Vector, off: Vector) -> bool:
        """Whether what is left of a change is rounding, in every block."""
        return all(
            np.abs(off[part]).max() <= SAME * np.abs(change[part]).max() + EPS * np.abs(theta[part]).max()
            for part in self.parts.values()
        )


def _place(step: ObservedStep) -> str:
    """Where the targets of a step were, in whatever row."""
    return re.sub(r"\d+", "0", step.targets.path)


def _is_one(numbers: Sequence[float]) -> bool:
    """Whether numbers are one but for rounding."""
    return bool(np.ptp(numbers) <= 1e-5 * abs(numbers[0]))


def _is_along(one: Vector, other: Vector) -> bool:
    """Whether one array is a number times another, roughly."""
    size = float(one @ one)
    return size > 0 and bool(np.abs(other - (other @ one / size) * one).max() <= ROUGHLY * np.abs(other).max())


def _spans(rows: Vector, wanted: Vector) -> bool:
    """Whether columns are made of these rows, as every gradient of weights is made of their layer's inputs."""
    if len(rows) >= rows.shape[1]:
        return True
    off = wanted - rows.T @ np.linalg.lstsq(rows.T, wanted, rcond=None)[0]
    return bool(np.abs(off).max() <= ROUGHLY * np.abs(wanted).max())


def _rows_along(rows: Vector, wanted: Vector) -> list[int]:
    """The rows of which alone a change of the first weights can be made."""
    unit = wanted[:, np.argmax(np.abs(wanted).max(axis=0))]
    lengths = (rows * rows).sum(axis=1)
    able = lengths > 0
    shares = np.where(able, rows @ unit / np.where(able, lengths, 1.0), 0.0)
    off = np.abs(unit - shares[:, None] * rows).max(axis=1)
    return [int(k) for k in np.flatnonzero(able & (off <= ROUGHLY * np.abs(unit).max()))][:MOST_ROWS]
