"""Losses that several sheets ask for, with the slips they invite: cross-entropy and half the squared error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.compare import compare
from chainrule.homework.differences import Slip
from chainrule.language.translation import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from chainrule.homework import Run
    from chainrule.homework.exercise import Exercise
    from chainrule.maths.arrays import Array

Terms: TypeAlias = "Callable[[Array, Array], Array]"  # of predictions and targets, one term each

CROSS_ENTROPY = "It is −[t log p + (1 − t) log(1 − p)], a mean over the samples."
GUARDS = (0.01, *(10.0**-k for k in range(3, 17)))  # the ε that one adds under a logarithm
BLIND = "It does not look at the label in every term: right and wrong predictions score alike."


def samples(stream: np.random.RandomState, n: int, n_features: int = 2) -> tuple[Array, Array]:
    """Draw n samples and labels 0, 1, 0, 1, … of shape (n,)."""
    return stream.randn(n, n_features), (np.arange(n) % 2).astype(np.float64)


def cross_entropy_slips(outputs_and_targets: Run) -> tuple[Slip, ...]:
    """Slips of −[t log p + (1 − t) log(1 − p)]; ``outputs_and_targets(solution, *arguments)`` gives p and t."""

    def slip(name: str, sentence: str, terms: Terms) -> Slip:
        def run(solution: ModuleType, *arguments: Any) -> float:
            return float(terms(*outputs_and_targets(solution, *arguments)).sum(axis=1).mean())

        return Slip(name, sentence, CROSS_ENTROPY, run)

    named = (*_label_blind(), *_terms_missing(), *_averaged_too_often(), *_other_logarithms(), *_squared())
    return (*(slip(*one) for one in named), all_with_all(CROSS_ENTROPY, outputs_and_targets, _cross_entropy))


def _label_blind() -> Iterator[tuple[str, str, Terms]]:
    """Terms in which the label is not looked at."""
    for guard in GUARDS:
        yield "loss-label-blind", BLIND, partial(_blind, guard, 1)
        yield "loss-label-blind", BLIND, partial(_blind, guard, -1)
    yield "loss-label-blind", BLIND, lambda p, t: -(t * np.log(p) + np.log(1 - p))
    yield "loss-label-blind", BLIND, lambda p, t: -(np.log(p) + (1 - t) * np.log(1 - p))
    yield "loss-label-blind", BLIND, lambda p, t: -(t * np.log(p) + (1 - p) * np.log(1 - p))


def _blind(guard: float, sign: int, p: Array, t: Array) -> Array:
    """Return the loss of S4's report: t log(t + ε), not t log(p + ε); without the minus, too."""
    losses: Array = -sign * (t * np.log(t + guard) + (1 - p) * np.log(1 - p + guard))
    return losses


def _terms_missing() -> Iterator[tuple[str, str, Terms]]:
    """One of the two terms only, or one turned, or both exchanged."""
    yield "loss-term-missing", "The term (1 − t) log(1 − p) is missing.", lambda p, t: -t * np.log(p)
    yield "loss-term-missing", "The term t log p is missing.", lambda p, t: -(1 - t) * np.log(1 - p)
    yield (
        "sign",
        "The two terms have different signs.",
        lambda p, t: -t * np.log(p) + (1 - t) * np.log(1 - p),
    )
    yield (
        "targets-swapped",
        "Label and prediction are exchanged: the logarithm of 1 − p goes with t.",
        lambda p, t: -((1 - t) * np.log(p) + t * np.log(1 - p)),
    )


def _averaged_too_often() -> Iterator[tuple[str, str, Terms]]:
    told = "It is averaged over the outputs, too; sum over them, and average over the samples alone."
    yield "mean-over-outputs", told, lambda p, t: -t * np.log(p) / p.shape[1]
    yield "mean-over-outputs", told, lambda p, t: _cross_entropy(p, t) / p.shape[1]


def _other_logarithms() -> Iterator[tuple[str, str, Terms]]:
    yield "formula", "The logarithms have base 10.", lambda p, t: _cross_entropy(p, t) / np.log(10)
    yield "formula", "The logarithms have base 2.", lambda p, t: _cross_entropy(p, t) / np.log(2)


def _squared() -> Iterator[tuple[str, str, Terms]]:
    told = "This is a squared error, not the loss that is asked for."
    yield "loss-wrong", told, lambda p, t: (p - t) ** 2
    yield "loss-wrong", told, lambda p, t: 0.5 * (p - t) ** 2
    yield "loss-wrong", told, lambda p, t: 2.0 * (p - t) ** 2


def all_with_all(remedy: str, outputs_and_targets: Run, value: Terms) -> Slip:
    """(N,) with (N, 1) gives N × N: every prediction is held against every target, and a mean hides it."""

    def run(s: ModuleType, *arguments: Any) -> float:
        y, t = outputs_and_targets(s, *arguments)
        return float(np.mean([value(y, np.broadcast_to(one, np.shape(t))) for one in t]))

    sentence = "Arrays of shapes (N,) and (N, 1) meet: every prediction is held against every target, N × N."
    return Slip(
        "broadcast", sentence, Sentence("{remedy} Give both the same shape first.", remedy=Sentence(remedy)), run
    )


def _cross_entropy(p: Array, t: Array) -> Array:
    return -(t * np.log(p) + (1 - t) * np.log(1 - p))


HALF_SQUARED = "J = 1/(2N) Σ (y_i − t_i)²."


def half_squared_error(function: str = "loss") -> Exercise:
    """Ask for 1/(2N) Σ (y − t)²."""
    told: tuple[tuple[str, str, Terms], ...] = (
        ("formula", "The square is missing: errors up and down cancel.", lambda y, t: (y - t).mean() / 2),
        ("formula", "It squares the sum, not each error.", lambda y, t: (y - t).sum() ** 2 / (2 * len(y))),
        ("formula", "It squares the mean, not each error.", lambda y, t: (y - t).mean() ** 2 / 2),
        ("formula", "It takes the size of each error, not its square.", lambda y, t: abs(y - t).mean() / 2),
        ("formula", "A root is taken of it.", lambda y, t: np.sqrt(((y - t) ** 2).mean() / 2)),
        ("broadcast", "(N,) with (N, 1) gives N × N: every prediction meets every target.", _every_pair),
        ("loss-wrong", "This is cross-entropy, not the squared error.", lambda y, t: _cross_entropy(y, t).mean()),
        ("mean-missing", "It is a sum over the samples; a mean is asked for.", lambda y, t: ((y - t) ** 2).sum()),
    )
    slips = (Slip(name, sentence, HALF_SQUARED, partial(_of_terms, terms)) for name, sentence, terms in told)
    pairs = all_with_all(HALF_SQUARED, lambda _, y, t: (y, t), lambda y, t: (y - t) ** 2 / 2)
    return compare(function, _error_inputs, slips=(*slips, pairs))


def _of_terms(terms: Terms, _: ModuleType, y: Array, t: Array) -> Any:
    return terms(y, t)


def _every_pair(y: Array, t: Array) -> Any:
    return sum(((y - one) ** 2).sum() for one in t) / (2 * len(y))


def _error_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    sets = [(np.array([0.2, 0.9]), np.array([0.0, 1.0]))]
    return [*sets, *((stream.uniform(0.1, 0.9, n), (np.arange(n) % 2).astype(float)) for n in (5, 8))]
