"""Slips of S1's penalty λ Σ W², of its gradient, and of the function that puts both together for SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import Slip

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.maths.arrays import Array


def no_biases(s: ModuleType, W: Array, sizes: tuple[int, ...]) -> Array:
    """W with every bias 0."""
    cut = W.copy()
    for _, biases in s.unpack(cut, sizes):
        biases[:] = 0.0
    return cut


def _penalty(factor: float, power: int, biases: bool) -> Callable[..., Any]:
    def run(s: ModuleType, W: Array, sizes: tuple[int, ...], lam: float) -> float:
        pairs = s.unpack(W, sizes)
        blocks = [block for pair in pairs for block in (pair if biases else pair[:1])]
        return float(factor * lam * sum((np.abs(block) ** power).sum() for block in blocks))

    return run


PENALTY_SLIPS = (
    *(
        Slip(
            "penalty-on-biases",
            "The biases are penalised too.",
            "λ Σ W² over the weights alone.",
            _penalty(factor, 2, True),
        )
        for factor in (1.0, 0.5)
    ),
    Slip("penalty-halved", "It is λ/2 Σ W².", "λ Σ W², as the text has it.", _penalty(0.5, 2, False)),
    Slip("penalty-doubled", "It is 2 λ Σ W².", "λ Σ W².", _penalty(2.0, 2, False)),
    Slip("formula", "It adds sizes, not squares.", "λ Σ W².", _penalty(1.0, 1, False)),
)


def _penalty_gradient(factor: float, biases: bool) -> Callable[..., Any]:
    def run(s: ModuleType, W: Array, sizes: tuple[int, ...], lam: float) -> Array:
        part: Array = factor * lam * (W if biases else no_biases(s, W, sizes))
        return part

    return run


def _without_layer(s: ModuleType, W: Array, sizes: tuple[int, ...], lam: float, *, last: bool) -> Array:
    part = 2.0 * lam * no_biases(s, W, sizes)
    s.unpack(part, sizes)[-1 if last else 0][0][:] = 0.0
    return part


def _of_weights_alone(s: ModuleType, W: Array, sizes: tuple[int, ...], lam: float) -> Array:
    return np.concatenate([2.0 * lam * weights.ravel() for weights, _ in s.unpack(W, sizes)])


PENALTY_GRADIENT_SLIPS = (
    Slip(
        "biases-left-out",
        "The biases have no place in it: it is shorter than W.",
        "2 λ W for weights, and a 0 for each bias, in the order of W.",
        _of_weights_alone,
    ),
    *(
        Slip(
            "penalty-missing",
            sentence,
            "2 λ W for the weights of all layers.",
            lambda s, *given, last=last: _without_layer(s, *given, last=last),
        )
        for sentence, last in (
            ("The weights of the first layer are left out.", False),
            ("The weights of the last layer are left out.", True),
        )
    ),
    *(
        Slip(
            "penalty-on-biases",
            "It is not 0 for the biases, which the penalty leaves out.",
            "2 λ W for weights, 0 for biases.",
            _penalty_gradient(factor, True),
        )
        for factor in (2.0, 1.0)
    ),
    Slip("penalty-halved", "The 2 is missing.", "The derivative of λ W² is 2 λ W.", _penalty_gradient(1.0, False)),
    Slip(
        "penalty-doubled", "There is a 2 too many.", "The derivative of λ W² is 2 λ W.", _penalty_gradient(4.0, False)
    ),
    Slip("penalty-sign", "It has the opposite sign.", "2 λ W.", _penalty_gradient(-2.0, False)),
    Slip("penalty-missing", "It is 0 everywhere.", "2 λ W for weights.", _penalty_gradient(0.0, False)),
)


def _with_penalty(factor: float, *, biases: bool = False, over_n: bool = False) -> Callable[..., Any]:
    """The loss, and its gradient with another penalty's part."""

    def run(s: ModuleType, W: Array, X: Array, t: Array, sizes: tuple[int, ...], lam: float, f: str = "sigmoid") -> Any:
        part = factor * lam * (W if biases else no_biases(s, W, sizes)) / (len(X) if over_n else 1)
        return s.loss(W, X, t, sizes, lam, f), s.gradient(W, X, t, sizes, f) + part

    return run


DERIVATIVE = "The derivative of λ Σ W² is 2 λ W for weights and 0 for biases."
FUN_SLIPS = (
    Slip("penalty-halved", "The penalty's gradient lacks its factor 2.", DERIVATIVE, _with_penalty(1.0)),
    Slip("penalty-doubled", "The penalty's gradient is added twice.", DERIVATIVE, _with_penalty(4.0)),
    Slip("penalty-sign", "The penalty's gradient has the opposite sign.", DERIVATIVE, _with_penalty(-2.0)),
    *(
        Slip("penalty-on-biases", "The biases are penalised, too.", DERIVATIVE, _with_penalty(factor, biases=True))
        for factor in (2.0, 1.0)
    ),
    *(
        Slip(
            "penalty-over-n", "The penalty's gradient is divided by N.", DERIVATIVE, _with_penalty(factor, over_n=True)
        )
        for factor in (2.0, 1.0)
    ),
    Slip(
        "penalty-missing",
        "The penalty's gradient is not added.",
        "gradient(…) + penalty_gradient(…).",
        lambda s, W, X, t, sizes, lam, f="sigmoid": (
            s.loss(W, X, t, sizes, lam, f),
            s.gradient(W, X, t, sizes, f),
        ),
    ),
    Slip(
        "penalty-missing",
        "The penalty is missing in the loss and in the gradient.",
        "Hand lam on to both.",
        lambda s, W, X, t, sizes, lam, f="sigmoid": (
            s.loss(W, X, t, sizes, 0.0, f),
            s.gradient(W, X, t, sizes, f),
        ),
    ),
    Slip(
        "penalty-missing",
        "The penalty is in the gradient and missing in the loss.",
        "loss(W, X, t, sizes, lam, activation).",
        lambda s, W, X, t, sizes, lam, f="sigmoid": (
            s.loss(W, X, t, sizes, 0.0, f),
            s.fun(W, X, t, sizes, lam, f)[1],
        ),
    ),
    Slip(
        "mean-missing",
        "The loss is a mean over the samples, the gradient a sum: minimize is told a slope N times too steep.",
        "Take gradient, not summed_gradient.",
        lambda s, W, X, t, sizes, lam, f="sigmoid": (
            s.loss(W, X, t, sizes, lam, f),
            s.summed_gradient(W, X, t, sizes, f) + s.penalty_gradient(W, sizes, lam),
        ),
    ),
)
