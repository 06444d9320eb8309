"""Losses: how far Y is from T. Each is a pair, value and gradient, one entry a sample; averaging comes after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.activations import SIGMOID, SOFTMAX, Activation
from chainrule.maths.arrays import DISTRIBUTIONS, PROBABILITIES, REALS, Array, Domain

if TYPE_CHECKING:
    from collections.abc import Callable


def any_targets(T: Array) -> str | None:
    """Find nothing wrong: every finite target will do."""
    return None


def probability_targets(T: Array) -> str | None:
    """Say what is wrong with targets that should lie between 0 and 1."""
    if T.min() < 0.0 or T.max() > 1.0:
        worst = T.min() if T.min() < 0.0 else T.max()
        return f"needs targets between 0 and 1, got {worst:g}. Code the two classes as 0 and 1."
    return None


def distribution_targets(T: Array) -> str | None:
    """Say what is wrong with targets whose rows should be distributions."""
    off = np.abs(T.sum(axis=1) - 1.0) > 1e-6
    if T.min() < 0.0 or off.any():
        row = int(np.argmax(off | (T < 0.0).any(axis=1)))
        return (
            f"needs targets whose rows are ≥ 0 and sum to one, row {row} is {T[row].tolist()}. "
            "One-hot encode class labels: datasets.one_hot(labels)."
        )
    return None


def sign_targets(T: Array) -> str | None:
    """Say what is wrong with targets that should be −1 or +1."""
    wrong = np.abs(T) != 1.0
    if wrong.any():
        return f"needs targets -1 and +1, got {T[wrong][0]:g}. From labels 0 and 1: T = 2 * labels - 1."
    return None


@dataclass(frozen=True)
class Loss:
    r"""A loss, sample by sample: the network averages over samples, with weights if there are any.

    Parameters
    ----------
    name : str
        What it is called in tables, files and messages.
    value : function (Y, T) -> (n_samples,)
        The loss of each sample, summed over its outputs.
    gradient : function (Y, T) -> (n_samples, n_outputs)
        The derivative of each sample's loss with respect to its own outputs.
    domain : Domain
        The outputs Y it can be asked about: an activation with another range is refused.
    complaint : function (T) -> str or None
        What is wrong with these targets, as the end of a sentence that begins with the loss's name.
    formula, derivative_formula : str, optional
        LaTeX for one output's term and its derivative; without them an explanation writes ℓ and ℓ′.

    Examples
    --------
    One's own is accepted wherever a name is:

    >>> fourth = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
    >>> fourth.value(np.array([[2.0], [1.0]]), np.array([[0.0], [1.0]]))
    array([16.,  0.])
    """

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    domain: Domain = REALS
    complaint: Callable[[Array], str | None] = any_targets
    formula: str | None = None
    derivative_formula: str | None = None


def half_squared_error(Y: Array, T: Array) -> Array:
    """Half the squared error of each sample, ½ Σ_k (Y − T)²; averaged it is S2's 1/(2N) Σ (y − t)².

    >>> half_squared_error(np.array([[1.0, 3.0]]), np.array([[1.0, 1.0]]))
    array([2.])
    """
    losses: Array = 0.5 * ((Y - T) ** 2).sum(axis=1)
    return losses


def half_squared_error_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of half_squared_error: Y − T."""
    return Y - T


def log_loss(Y: Array, T: Array) -> Array:
    """Binary cross-entropy of each sample, −Σ_k [T log Y + (1−T) log(1−Y)], with 0 log 0 = 0.

    >>> log_loss(np.array([[0.5], [1.0]]), np.array([[1.0], [1.0]])).round(6)
    array([0.693147, 0.      ])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ones = np.where(T > 0.0, -T * np.log(Y), 0.0)
        zeros = np.where(T < 1.0, -(1.0 - T) * np.log1p(-Y), 0.0)
    losses: Array = (ones + zeros).sum(axis=1)
    return losses


def log_loss_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of log_loss: −T/Y + (1−T)/(1−Y), where a term whose numerator is 0 is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(T > 0.0, -T / Y, 0.0) + np.where(T < 1.0, (1.0 - T) / (1.0 - Y), 0.0)


def cross_entropy(Y: Array, T: Array) -> Array:
    """Cross-entropy of each sample, −Σ_k T_k log Y_k, with 0 log 0 = 0. T is one-hot, or a distribution.

    >>> cross_entropy(np.array([[0.25, 0.75]]), np.array([[1.0, 0.0]])).round(6)
    array([1.386294])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        losses: Array = np.where(T > 0.0, -T * np.log(Y), 0.0).sum(axis=1)
    return losses


def cross_entropy_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of cross_entropy: −T/Y, and 0 where T is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(T > 0.0, -T / Y, 0.0)


def perceptron(Y: Array, T: Array) -> Array:
    """Perceptron loss of each sample, Σ_k max(0, −Y T) with T = ±1 (S0). All outputs 0 score 0 too: watch accuracy.

    >>> perceptron(np.array([[0.5], [-2.0]]), np.array([[-1.0], [-1.0]]))
    array([0.5, 0. ])
    """
    losses: Array = np.maximum(-Y * T, 0.0).sum(axis=1)
    return losses


def perceptron_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of perceptron: −T · 1[−Y T > 0]; at the kink Y = 0 we take the slope 0, as S0 does."""
    return -T * (-Y * T > 0.0)


HALF_SQUARED_ERROR = Loss(
    "half_squared_error",
    half_squared_error,
    half_squared_error_gradient,
    formula=r"\tfrac{1}{2} (y - t)^2",
    derivative_formula=r"y - t",
)
LOG_LOSS = Loss(
    "log_loss",
    log_loss,
    log_loss_gradient,
    PROBABILITIES,
    probability_targets,
    r"-\left[t \log y + (1 - t) \log(1 - y)\right]",
    r"-\frac{t}{y} + \frac{1 - t}{1 - y}",
)
CROSS_ENTROPY = Loss(
    "cross_entropy",
    cross_entropy,
    cross_entropy_gradient,
    DISTRIBUTIONS,
    distribution_targets,
    r"-t \log y",
    r"-\frac{t}{y}",
)
PERCEPTRON = Loss(
    "perceptron",
    perceptron,
    perceptron_gradient,
    complaint=sign_targets,
    formula=r"\max(0, -y t)",
    derivative_formula=r"-t\,\mathbb{1}[-y t > 0]",
)

LOSSES: dict[str, Loss] = {loss.name: loss for loss in (HALF_SQUARED_ERROR, LOG_LOSS, CROSS_ENTROPY, PERCEPTRON)}


@dataclass(frozen=True)
class Fused:
    """The output activation and the loss as one function of Z: shorter, and safe where Y rounds to 0 or 1.

    ``value(Z, T)`` is the loss of each sample; ``delta(Y, T)`` is its derivative with respect to Z.
    """

    value: Callable[[Array, Array], Array]
    delta: Callable[[Array, Array], Array]


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


def output_error(Y: Array, T: Array) -> Array:
    """∂/∂Z of both fused losses: Y − T, because f′ of the output cancels the denominators of the loss's derivative."""
    return Y - T


FUSED: dict[tuple[Activation, Loss], Fused] = {
    (SIGMOID, LOG_LOSS): Fused(log_loss_from_logits, output_error),
    (SOFTMAX, CROSS_ENTROPY): Fused(cross_entropy_from_logits, output_error),
}
