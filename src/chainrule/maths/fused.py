"""Fused pairs: an output activation and its loss as one function of Z, value and derivative, where that is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.activations import EXP, SIGMOID, SOFTMAX, Activation, exp
from chainrule.maths.losses import CROSS_ENTROPY, LOG_LOSS, POISSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.maths.loss import Loss


@dataclass(frozen=True)
class Fused:
    """The output activation and the loss as one function of Z: shorter, and safe where Y rounds to 0 or 1.

    ``value(Z, T)`` is the loss of each sample; ``delta(Y, T)`` is its derivative with respect to Z. ``formula`` is
    LaTeX for one output's term of the value, and ``derivation`` leads, line by line, from the derivative of the loss
    to the delta: its lines are joined by equals signs.
    """

    value: Callable[[Array, Array], Array]
    delta: Callable[[Array, Array], Array]
    formula: str
    derivation: tuple[str, ...]


def log_loss_from_logits(Z: Array, T: Array) -> Array:
    """Binary cross-entropy of each sample at Y = σ(Z), Σ_k [max(0, Z) − T Z + log(1 + e^−|Z|)]: never log 0.

    >>> log_loss_from_logits(np.array([[-1e4], [1e4]]), np.array([[1.0], [1.0]]))
    array([10000.,     0.])
    """
    losses: Array = (np.maximum(Z, 0.0) - T * Z + np.log1p(np.exp(-np.abs(Z)))).sum(axis=1)
    return losses


def cross_entropy_from_logits(Z: Array, T: Array) -> Array:
    """Cross-entropy of each sample at Y = softmax(Z), Σ_k T_k (log Σ_j e^{z_j} − z_k), by a log-sum-exp.

    >>> cross_entropy_from_logits(np.array([[0.0, 1e4]]), np.array([[1.0, 0.0]]))
    array([10000.])
    """
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    losses: Array = (T * (log_sum - shifted)).sum(axis=1)
    return losses


def poisson_from_logs(Z: Array, T: Array) -> Array:
    """Half the Poisson deviance of each sample at Y = e^Z, Σ_k [e^Z − T Z + T log T − T]: no logarithm of Y.

    >>> poisson_from_logs(np.array([[-1e4], [0.0]]), np.array([[1.0], [1.0]]))
    array([9999.,    0.])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        constant = np.where(T > 0.0, T * np.log(T), 0.0) - T
    losses: Array = (exp(Z) - T * Z + constant).sum(axis=1)
    return losses


def output_error(Y: Array, T: Array) -> Array:
    """∂/∂Z of the fused losses: Y − T, because f′ of the output cancels the denominators of the loss's derivative."""
    return Y - T


FUSED: dict[tuple[Activation, Loss], Fused] = {
    (SIGMOID, LOG_LOSS): Fused(
        log_loss_from_logits,
        output_error,
        r"\max(0, z) - t z + \log(1 + e^{-|z|})",
        (
            r"\left(-\frac{t}{y} + \frac{1 - t}{1 - y}\right) y (1 - y)",
            r"-t (1 - y) + (1 - t) y",
            r"y - t",
        ),
    ),
    (SOFTMAX, CROSS_ENTROPY): Fused(
        cross_entropy_from_logits,
        output_error,
        r"t \left(\log \sum_j e^{z_j} - z\right)",
        (
            r"\sum_k \left(-\frac{t_k}{y_k}\right) y_k (\delta_{kj} - y_j)",
            r"-t_j + y_j \sum_k t_k",
            r"y_j - t_j",
        ),
    ),
    (EXP, POISSON): Fused(
        poisson_from_logs,
        output_error,
        r"e^{z} - t z + t \log t - t",
        (r"\left(1 - \frac{t}{y}\right) y", r"y - t"),
    ),
}
