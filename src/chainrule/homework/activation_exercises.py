"""Activations that several sheets ask for, with the slips they invite: sigmoids, their derivatives, softmax."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework.compare import Promise, compare, find, large_numbers
from chainrule.homework.differences import Slip
from chainrule.language.translation import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.homework.exercise import Exercise
    from chainrule.maths.arrays import Array


def _numbers(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    """A few numbers, then a matrix."""
    return [(np.array([0.5, -1.5, 2.0]),), (stream.randn(4, 3),)]


def _large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:  # noqa: ARG001
    return [(np.array([-1000.0, 1000.0]),)]


def _activations(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(np.array([0.5, 0.1, 0.9]),), (stream.uniform(0, 1, (4, 3)),)]


def sigmoid(function: str = "sigmoid", of: str = "a") -> Exercise:
    """Ask for σ(a) = 1 / (1 + e^−a); ``of`` is what the sheet calls a."""
    formula = f"σ({of}) = 1 / (1 + e^−{of})."
    told: tuple[tuple[str, str, Callable[[ModuleType, Array], Array]], ...] = (
        (
            "sigmoid-sign",
            Sentence("e^{of} stands where e^−{of} belongs: it falls where σ rises.", of=of),
            lambda s, a: find(s, function)(-a),
        ),
        ("activation-wrong", "This is tanh, between −1 and 1; σ is between 0 and 1.", lambda _, a: np.tanh(a)),
        ("formula", "The 1 + below the line is missing.", lambda _, a: np.exp(a)),
        ("formula", Sentence("1 − e^−{of} stands below the line.", of=of), lambda _, a: 1 / (1 - np.exp(-a))),
        (
            "formula",
            Sentence("It is 1 + e^−{of}: a parenthesis is missing, 1 / 1 + … is 1 + …, or the fraction itself.", of=of),
            lambda _, a: 1 + np.exp(-a),
        ),
        ("identity", "It returns what it is given.", lambda _, a: a),
    )
    slips = tuple(Slip(name, sentence, formula, run) for name, sentence, run in told)
    return compare(function, _numbers, promises=(_sigmoid_at_large(of),), slips=slips)


def _sigmoid_at_large(of: str) -> Promise:
    told = "Let no exponential grow: e^−|{of}| is between 0 and 1 for every {of}."
    return large_numbers(_large, Sentence(told, of=of))


def derivative_of_preactivation(function: str) -> Exercise:
    """Ask for σ′(a), a before the sigmoid."""
    formula = "σ′(a) = σ(a) (1 − σ(a))."
    before = Slip(
        "derivative-of-preactivation",
        "a (1 − a) would be right if the sigmoid had been applied to a already; here a stands before it.",
        Sentence("Apply the sigmoid first: {formula}", formula=formula),
        lambda _, a: a * (1 - a),
    )
    told: tuple[tuple[str, Callable[[ModuleType, Array], Array]], ...] = (
        ("e^a stands where e^−a belongs.", lambda s, a: np.exp(a) * s.sigmoid(a) ** 2),
        ("The square of 1 + e^−a is missing.", lambda s, a: np.exp(-a) * s.sigmoid(a)),
        ("The e^−a above the line is missing.", lambda s, a: s.sigmoid(a) ** 2),
    )
    written_out = (
        Slip("formula", sentence, Sentence("It is e^−a / (1 + e^−a)², or {formula}", formula=formula), run)
        for sentence, run in told
    )
    slips = (before, *_derivative_slips("σ(a)", formula, lambda s: s.sigmoid), *written_out)
    return compare(function, _numbers, promises=(_sigmoid_at_large("a"),), slips=slips)


def derivative_of_activation(function: str, of: str = "z") -> Exercise:
    """Ask for σ′ as z (1 − z), z after the sigmoid."""
    formula = Sentence("{of} (1 − {of}) is all there is.", of=of)
    applied = Slip(
        "derivative-of-activation",
        Sentence("It applies the sigmoid to {of}; {of} is an activation here, the sigmoid has been applied.", of=of),
        formula,
        lambda s, z: s.sigmoid(z) * (1 - s.sigmoid(z)),
    )
    slips = (applied, *_derivative_slips(of, formula, lambda _: lambda z: z))
    return compare(function, _activations, slips=slips)


def _derivative_slips(y: str, formula: str, of: Callable[[ModuleType], Callable[[Array], Array]]) -> tuple[Slip, ...]:
    """Slips of y (1 − y), where ``of(solution)`` makes y of what the function is given."""
    told: tuple[tuple[str, str, Callable[[ModuleType, Array], Array]], ...] = (
        ("activation-for-derivative", Sentence("It returns {y} itself, not the slope.", y=y), lambda s, a: of(s)(a)),
        (
            "derivative-of-activation",
            "The sigmoid is applied once too often.",
            lambda s, a: s.sigmoid(of(s)(a)) * (1 - s.sigmoid(of(s)(a))),
        ),
        ("activation-for-derivative", "It returns a sigmoid, not its slope.", lambda s, a: s.sigmoid(a)),
        ("formula", Sentence("A square stands where {y} (1 − {y}) belongs.", y=y), lambda s, a: of(s)(a) ** 2),
        ("formula", Sentence("A factor is missing: it returns 1 − {y}.", y=y), lambda s, a: 1 - of(s)(a)),
        (
            "formula",
            Sentence("A + stands where a − belongs: {y} (1 + {y}).", y=y),
            lambda s, a: of(s)(a) * (1 + of(s)(a)),
        ),
        ("formula", "1 minus a square is the slope of tanh.", lambda s, a: 1 - of(s)(a) ** 2),
        ("formula", Sentence("A parenthesis is missing: {y} · 1 − {y} is 0.", y=y), lambda s, a: 0 * of(s)(a)),
    )
    return tuple(Slip(name, sentence, formula, run) for name, sentence, run in told)


ROWS = "e / e.sum(axis=-1, keepdims=True): each row then sums to 1."
ONE_SAMPLE = "one-sample-alone"


def softmax(function: str = "softmax", of: str = "a") -> Exercise:
    """Ask for e^a_k / Σ_m e^a_m of each row, and of one sample alone; ``of`` is what the sheet calls a."""
    shifted = "Take the largest {of} of each row from all of them before the exponential."
    promises = (
        Promise(ONE_SAMPLE, "For one sample alone, a vector, it breaks down", ROWS, _one_sample),
        large_numbers(_softmax_large, Sentence(shifted, of=of)),
    )
    return compare(function, _softmax_inputs, promises=promises, slips=_softmax_slips())


def _softmax_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(np.array([[0.5, -1.5, 2.0], [1.0, 0.0, -1.0]]),), (stream.randn(5, 2),), (stream.randn(3, 3),)]


def _softmax_large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:  # noqa: ARG001
    return [(np.array([[1000.0, 999.0], [-1000.0, -999.0]]),)]


def _one_sample(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(stream.randn(3),)]


def _softmax_slips() -> tuple[Slip, ...]:
    over_samples = "The sum is taken over the samples; it must be taken over the outputs of each sample."
    over_all = "The sum is taken over the whole array: all samples together sum to 1."
    shifts = (None, 0, -1)
    undivided = "It does not divide by the sum."
    return (
        *(Slip("softmax-axis", over_samples, ROWS, partial(_over, 0, shift)) for shift in shifts),
        *(Slip("softmax-over-everything", over_all, ROWS, partial(_over, None, shift)) for shift in shifts),
        Slip("formula", undivided, ROWS, lambda _, a: np.exp(a)),
        Slip("formula", undivided, ROWS, lambda _, a: np.exp(a - a.max(axis=-1, keepdims=True))),
        Slip("softmax-axis", "keepdims is missing: the sums meet the wrong rows.", ROWS, _without_keepdims),
    )


def _over(axis: int | None, shift: int | None, _: ModuleType, a: Array) -> Array:
    """A softmax whose sum is taken over this axis, its largest over that one."""
    e = np.exp(a - a.max(axis=shift, keepdims=True))
    y: Array = e / e.sum(axis=axis, keepdims=True)
    return y


def _without_keepdims(_: ModuleType, a: Array) -> Array:
    """A softmax that divides column k by the sum of row k; where there are other columns than rows it raises."""
    e = np.exp(a)
    y: Array = e / e.sum(axis=-1)
    return y
