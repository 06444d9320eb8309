"""What several sheets ask for: sigmoids, their derivatives, softmax, losses and steps, with the slips they invite."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import Slip, compare, find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from chainrule.homework import Run
    from chainrule.homework.exercise import Exercise
    from chainrule.maths.arrays import Array


def numbers(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    """A few numbers, then a matrix."""
    return [(np.array([0.5, -1.5, 2.0]),), (stream.randn(4, 3),)]


def _large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:  # noqa: ARG001
    return [(np.array([-1000.0, 1000.0]),)]


def _softmax_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(np.array([[0.5, -1.5, 2.0], [1.0, 0.0, -1.0]]),), (stream.randn(5, 2),), (stream.randn(3, 3),)]


def _softmax_large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:  # noqa: ARG001
    return [(np.array([[1000.0, 999.0], [-1000.0, -999.0]]),)]


def sigmoid(function: str = "sigmoid") -> Exercise:
    """Ask for σ(a) = 1 / (1 + e^−a)."""
    slips = (
        Slip(
            "sigmoid-sign",
            "e^a stands where e^−a belongs: it falls where σ rises.",
            "σ(a) = 1 / (1 + e^−a).",
            lambda s, a: find(s, function)(-a),
        ),
        Slip(
            "activation-wrong",
            "This is tanh, whose answers are between −1 and 1; σ's are between 0 and 1.",
            "σ(a) = 1 / (1 + e^−a).",
            lambda _, a: np.tanh(a),
        ),
        Slip("formula", "The 1 + below the line is missing.", "σ(a) = 1 / (1 + e^−a).", lambda _, a: np.exp(a)),
        Slip("formula", "1 − e^−a stands below the line.", "It is 1 + e^−a.", lambda _, a: 1 / (1 - np.exp(-a))),
        Slip("formula", "It returns what stands below the line.", "1 / (1 + e^−a).", lambda _, a: 1 + np.exp(-a)),
        Slip("identity", "It returns what it is given.", "σ(a) = 1 / (1 + e^−a).", lambda _, a: a),
    )
    return compare(function, numbers, large=_large, slips=slips)


def derivative_of_preactivation(function: str) -> Exercise:
    """Ask for σ′(a), a before the sigmoid."""
    return compare(
        function,
        numbers,
        large=_large,
        slips=(
            Slip(
                "derivative-of-preactivation",
                "a(1 − a) is σ′ where a is an activation; here a stands before the sigmoid.",
                "Apply the sigmoid first: y = sigmoid(a), σ′(a) = y (1 − y).",
                lambda _, a: a * (1 - a),
            ),
            *_derivative_slips(lambda s: s.sigmoid),
        ),
    )


def derivative_of_activation(function: str) -> Exercise:
    """Ask for σ′ as z (1 − z), z behind the sigmoid."""

    def inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
        return [(np.array([0.5, 0.1, 0.9]),), (stream.uniform(0, 1, (4, 3)),)]

    slips = (
        Slip(
            "derivative-of-activation",
            "It applies the sigmoid to z; z is an activation here, the sigmoid has been applied.",
            "z (1 − z) is all there is.",
            lambda s, z: s.sigmoid(z) * (1 - s.sigmoid(z)),
        ),
        *_derivative_slips(lambda _: lambda z: z),
    )
    return compare(function, inputs, slips=slips)


def _derivative_slips(of: Callable[[ModuleType], Callable[[Array], Array]]) -> tuple[Slip, ...]:
    remedy = "σ′ = y (1 − y), y behind the sigmoid."
    return (
        Slip("activation-for-derivative", "It returns the sigmoid, not its slope.", remedy, lambda s, a: of(s)(a)),
        Slip(
            "derivative-of-activation",
            "The sigmoid is applied twice.",
            remedy,
            lambda s, a: s.sigmoid(of(s)(a)) * (1 - s.sigmoid(of(s)(a))),
        ),
        Slip("activation-for-derivative", "It returns a sigmoid, not its slope.", remedy, lambda s, a: s.sigmoid(a)),
        Slip("formula", "y² stands where y (1 − y) belongs.", remedy, lambda s, a: of(s)(a) ** 2),
        Slip("formula", "The factor y is missing: it returns 1 − y.", remedy, lambda s, a: 1 - of(s)(a)),
        Slip("formula", "y (1 + y) stands where y (1 − y) belongs.", remedy, lambda s, a: of(s)(a) * (1 + of(s)(a))),
        Slip("formula", "1 − y² is the slope of tanh.", remedy, lambda s, a: 1 - of(s)(a) ** 2),
    )


def softmax(function: str = "softmax") -> Exercise:
    """Ask for e^a_k / Σ_m e^a_m of each row."""
    slips = (
        *(
            Slip(
                name,
                sentence,
                "e / e.sum(axis=-1, keepdims=True): each row then sums to 1.",
                partial(_over, axis, shift),
            )
            for shift in (None, 0, -1)
            for name, sentence, axis in (
                (
                    "softmax-axis",
                    "The sum is taken over the samples; it must be taken over the outputs of each sample.",
                    0,
                ),
                (
                    "softmax-over-everything",
                    "The sum is taken over the whole array: all samples together sum to 1.",
                    None,
                ),
            )
        ),
        Slip("formula", "It does not divide by the sum.", "e / e.sum(axis=-1, keepdims=True).", lambda _, a: np.exp(a)),
        Slip(
            "formula",
            "It does not divide by the sum.",
            "e / e.sum(axis=-1, keepdims=True).",
            lambda _, a: np.exp(a - a.max(axis=-1, keepdims=True)),
        ),
    )
    return compare(function, _softmax_inputs, large=_softmax_large, slips=slips)


def _over(axis: int | None, shift: int | None, _: ModuleType, a: Array) -> Array:
    """A softmax whose sum is taken over this axis, its largest over that one."""
    e = np.exp(a - a.max(axis=shift, keepdims=True))
    y: Array = e / e.sum(axis=axis, keepdims=True)
    return y


def cross_entropy_slips(outputs_and_targets: Run) -> tuple[Slip, ...]:
    """Slips of −[t log y + (1 − t) log(1 − y)]; ``outputs_and_targets(solution, *arguments)`` gives y and t."""

    def of(terms: Callable[[Array, Array], Array]) -> Run:
        return lambda s, *arguments: float(terms(*outputs_and_targets(s, *arguments)).sum(axis=1).mean())

    remedy = "Cross-entropy is −[t log y + (1 − t) log(1 − y)], a mean over the samples."
    blind = "It does not look at the label in every term: right and wrong predictions score alike."
    guards = (0.01, *(10.0**-k for k in range(3, 17)))
    of_the_text = [
        Slip("loss-label-blind", blind, remedy, of(partial(_blind, guard, sign)))
        for guard in guards
        for sign in (1, -1)
    ]
    return (
        *of_the_text,
        Slip("loss-label-blind", blind, remedy, of(lambda y, t: -(t * np.log(y) + np.log(1 - y)))),
        Slip("loss-label-blind", blind, remedy, of(lambda y, t: -(np.log(y) + (1 - t) * np.log(1 - y)))),
        Slip("loss-label-blind", blind, remedy, of(lambda y, t: -(t * np.log(y) + (1 - y) * np.log(1 - y)))),
        Slip("loss-term-missing", "The term (1 − t) log(1 − y) is missing.", remedy, of(lambda y, t: -t * np.log(y))),
        Slip("loss-term-missing", "The term t log y is missing.", remedy, of(lambda y, t: -(1 - t) * np.log(1 - y))),
        Slip(
            "sign",
            "The two terms have different signs.",
            remedy,
            of(lambda y, t: -t * np.log(y) + (1 - t) * np.log(1 - y)),
        ),
        Slip(
            "targets-swapped",
            "Label and prediction are exchanged: the logarithm of 1 − y goes with t.",
            remedy,
            of(lambda y, t: -((1 - t) * np.log(y) + t * np.log(1 - y))),
        ),
        Slip("formula", "The logarithms have base 10.", remedy, of(lambda y, t: _cross_entropy(y, t) / np.log(10))),
        Slip("formula", "The logarithms have base 2.", remedy, of(lambda y, t: _cross_entropy(y, t) / np.log(2))),
        *_squared_slips(of, remedy),
        all_with_all(remedy, outputs_and_targets, _cross_entropy),
    )


def all_with_all(remedy: str, outputs_and_targets: Run, value: Callable[[Array, Array], Array]) -> Slip:
    """(N,) with (N, 1) gives N × N: every prediction is held against every target, and a mean hides it."""

    def run(s: ModuleType, *arguments: Any) -> float:
        y, t = outputs_and_targets(s, *arguments)
        return float(np.mean([value(y, np.broadcast_to(one, np.shape(t))) for one in t]))

    sentence = "Arrays of shapes (N,) and (N, 1) meet: every prediction is held against every target, N × N."
    return Slip("broadcast", sentence, f"{remedy} Give both the same shape first.", run)


def _cross_entropy(y: Array, t: Array) -> Array:
    return -(t * np.log(y) + (1 - t) * np.log(1 - y))


def _blind(guard: float, sign: int, y: Array, t: Array) -> Array:
    """Return the loss of S4's report: t log(t + ε), not t log(y + ε); without the minus, too."""
    losses: Array = -sign * (t * np.log(t + guard) + (1 - y) * np.log(1 - y + guard))
    return losses


def _squared_slips(of: Callable[[Any], Run], remedy: str) -> tuple[Slip, ...]:
    told = "This is a squared error, not the loss that is asked for."
    return tuple(
        Slip("loss-wrong", told, remedy, of(lambda y, t, f=factor: f * (y - t) ** 2)) for factor in (1.0, 0.5, 2.0)
    )


def half_squared_error(function: str = "loss") -> Exercise:
    """Ask for 1/(2N) Σ (y − t)²."""

    def inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
        sets = [(np.array([0.2, 0.9]), np.array([0.0, 1.0]))]
        return [*sets, *((stream.uniform(0.1, 0.9, n), (np.arange(n) % 2).astype(float)) for n in (5, 8))]

    remedy = "J = 1/(2N) Σ (y − t)²."
    slips = (
        Slip(
            "formula", "The square is missing: errors up and down cancel.", remedy, lambda _, y, t: (y - t).mean() / 2
        ),
        Slip(
            "formula", "It squares the sum, not each error.", remedy, lambda _, y, t: (y - t).sum() ** 2 / (2 * len(y))
        ),
        Slip(
            "formula",
            "It squares the mean, not each error.",
            remedy,
            lambda _, y, t: (y - t).mean() ** 2 / 2,
        ),
        Slip(
            "formula", "It takes the size of each error, not its square.", remedy, lambda _, y, t: abs(y - t).mean() / 2
        ),
        Slip("formula", "A root is taken of it.", remedy, lambda _, y, t: np.sqrt(((y - t) ** 2).mean() / 2)),
        all_with_all(remedy, lambda _, y, t: (y, t), lambda y, t: (y - t) ** 2 / 2),
        Slip(
            "broadcast",
            "Arrays of shapes (N,) and (N, 1) meet: every prediction is held against every target, N × N.",
            f"{remedy} Give both the same shape first.",
            lambda _, y, t: sum(((y - one) ** 2).sum() for one in t) / (2 * len(y)),
        ),
        Slip(
            "loss-wrong",
            "This is cross-entropy, not the squared error that is asked for.",
            remedy,
            lambda _, y, t: _cross_entropy(y, t).mean(),
        ),
        *(
            Slip("mean-missing", "It is a sum over the samples where a mean is asked for.", remedy, of_sum)
            for of_sum in (lambda _, y, t: ((y - t) ** 2).sum(), lambda _, y, t: ((y - t) ** 2).sum() / 2)
        ),
    )
    return compare(function, inputs, slips=slips)


def step_slips(step: Callable[..., Sequence[Array]], up: bool = False) -> tuple[Slip, ...]:
    """Slips of W ← W − rate · dW; ``step(rate, *arguments)`` gives W + rate · dW for all blocks and rates."""
    right, wrong = ("+", "−") if up else ("−", "+")
    way = "descends" if up else "climbs"
    sign = 1.0 if up else -1.0
    remedy = f"W ← W {right} rate · dW."
    return (
        Slip("sign", f"A {wrong} stands where a {right} belongs: it {way}.", remedy, _with(step, -sign)),
        Slip(
            "rate-missing",
            "The learning rate is missing: it takes the whole gradient.",
            remedy,
            _with(step, sign, rated=False),
        ),
        Slip(
            "rate-missing",
            "The learning rate is missing, and the sign is turned.",
            remedy,
            _with(step, -sign, rated=False),
        ),
        Slip("no-step", "It stays where it was.", remedy, _with(step, 0.0)),
        Slip(
            "blocks-swapped",
            "It is moved by another block's gradient of as many entries.",
            remedy,
            _with_others(step, sign),
        ),
        Slip("step-alone", "It returns the step, not where it leads.", remedy, _alone(step, sign)),
        Slip("step-alone", "It returns the step, not where it leads.", remedy, _alone(step, -sign)),
    )


def _with(step: Callable[..., Sequence[Array]], factor: float, *, rated: bool = True) -> Run:
    return lambda _, *arguments: tuple(step(factor, rated, *arguments))


def _with_others(step: Callable[..., Sequence[Array]], factor: float) -> Run:
    """Each block moved by the step of the next one that has its shape."""

    def run(_: ModuleType, *arguments: Any) -> tuple[Any, ...]:
        here, there = (step(by, True, *arguments) for by in (0.0, factor))
        steps = [np.subtract(b, a) for a, b in zip(here, there, strict=True)]
        mates = [[j for j, one in enumerate(steps) if j != k and one.shape == own.shape] for k, own in enumerate(steps)]
        return tuple(
            np.add(block, steps[found[0]]) if found else block for block, found in zip(here, mates, strict=True)
        )

    return run


def _alone(step: Callable[..., Sequence[Array]], factor: float) -> Run:
    def run(_: ModuleType, *arguments: Any) -> tuple[Array, ...]:
        pairs = zip(step(factor, True, *arguments), step(0.0, True, *arguments), strict=True)
        return tuple(np.subtract(there, here) for there, here in pairs)

    return run


def samples(stream: np.random.RandomState, n: int, n_features: int = 2) -> tuple[Array, Array]:
    """Draw n samples and labels 0, 1, 0, 1, … of shape (n,)."""
    return stream.randn(n, n_features), (np.arange(n) % 2).astype(np.float64)
