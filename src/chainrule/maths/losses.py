"""Losses: how far Y is from T. Each is a pair, value and gradient, one entry a sample; averaging comes after."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import DISTRIBUTIONS, POSITIVE, PROBABILITIES, Array
from chainrule.maths.loss import Loss
from chainrule.maths.parametrized_losses import huber, quantile
from chainrule.maths.targets import (
    count_targets,
    distribution_targets,
    probability_targets,
    sign_targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def half_squared_error(Y: Array, T: Array) -> Array:
    """Half the squared error of each sample, ½ Σ_k (Y − T)²; averaged it is S2's 1/(2N) Σ (y − t)².

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

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

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

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

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

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

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> perceptron(np.array([[0.5], [-2.0]]), np.array([[-1.0], [-1.0]]))
    array([0.5, 0. ])
    """
    losses: Array = np.maximum(-Y * T, 0.0).sum(axis=1)
    return losses


def perceptron_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of perceptron: −T · 1[−Y T > 0]; at the kink Y = 0 we take the slope 0, as S0 does."""
    return -T * (-Y * T > 0.0)


def hinge(Y: Array, T: Array) -> Array:
    """Hinge loss of each sample, Σ_k max(0, 1 − Y T) with T = ±1: a support vector machine's.

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> hinge(np.array([[0.5], [2.0]]), np.array([[1.0], [1.0]]))
    array([0.5, 0. ])
    """
    losses: Array = np.maximum(1.0 - Y * T, 0.0).sum(axis=1)
    return losses


def hinge_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of hinge: −T · 1[Y T < 1]; at the kink Y T = 1 we take the slope 0."""
    return -T * (Y * T < 1.0)


def squared_hinge(Y: Array, T: Array) -> Array:
    """Squared hinge loss of each sample, Σ_k max(0, 1 − Y T)² with T = ±1: a hinge without a kink.

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> squared_hinge(np.array([[0.5], [2.0]]), np.array([[1.0], [1.0]]))
    array([0.25, 0.  ])
    """
    losses: Array = np.square(np.maximum(1.0 - Y * T, 0.0)).sum(axis=1)
    return losses


def squared_hinge_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of squared_hinge: −2 T max(0, 1 − Y T)."""
    return -2.0 * T * np.maximum(1.0 - Y * T, 0.0)


def poisson(Y: Array, T: Array) -> Array:
    """Half the Poisson deviance of each sample, Σ_k [T log(T/Y) − T + Y], Y > 0, with 0 log 0 = 0.

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> poisson(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    array([0., 2.])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(T > 0.0, T * np.log(T / Y), 0.0)
    losses: Array = (logs - T + Y).sum(axis=1)
    return losses


def poisson_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of poisson: 1 − T/Y, and 1 where T is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1.0 - np.where(T > 0.0, T / Y, 0.0)


def absolute_error(Y: Array, T: Array) -> Array:
    """Absolute error of each sample, Σ_k |Y − T|: its best constant is the median.

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> absolute_error(np.array([[1.0, 3.0]]), np.array([[2.0, 1.0]]))
    array([3.])
    """
    losses: Array = np.abs(Y - T).sum(axis=1)
    return losses


def absolute_error_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of absolute_error: the sign of Y − T, 0 at the kink Y = T."""
    return np.sign(Y - T)


def log_cosh(Y: Array, T: Array) -> Array:
    """Log-cosh of each sample, Σ_k log cosh(Y − T) = Σ_k [|r| + log(1 + e^{−2|r|}) − log 2], r = Y − T.

    Y and T have shape (n_samples, n_outputs), the losses (n_samples,).

    >>> log_cosh(np.array([[0.0], [1e4]]), np.array([[0.0], [0.0]])).round(6)
    array([   0.      , 9999.306853])
    """
    r = np.abs(Y - T)
    losses: Array = (r + np.log1p(np.exp(-2.0 * r)) - math.log(2.0)).sum(axis=1)
    return losses


def log_cosh_gradient(Y: Array, T: Array) -> Array:
    """∂/∂Y of log_cosh: tanh(Y − T)."""
    return np.tanh(Y - T)


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
    check_targets=sign_targets,
    formula=r"\max(0, -y t)",
    derivative_formula=r"-t\,\mathbb{1}[-y t > 0]",
)

HINGE = Loss(
    "hinge",
    hinge,
    hinge_gradient,
    check_targets=sign_targets,
    formula=r"\max(0, 1 - y t)",
    derivative_formula=r"-t\,\mathbb{1}[y t < 1]",
)
SQUARED_HINGE = Loss(
    "squared_hinge",
    squared_hinge,
    squared_hinge_gradient,
    check_targets=sign_targets,
    formula=r"\max(0, 1 - y t)^2",
    derivative_formula=r"-2 t \max(0, 1 - y t)",
)
POISSON = Loss(
    "poisson",
    poisson,
    poisson_gradient,
    POSITIVE,
    count_targets,
    r"t \log\frac{t}{y} - t + y",
    r"1 - \frac{t}{y}",
)
ABSOLUTE_ERROR = Loss(
    "absolute_error",
    absolute_error,
    absolute_error_gradient,
    formula=r"|y - t|",
    derivative_formula=r"\operatorname{sign}(y - t)",
)
HUBER = replace(huber(1.0), name="huber")
LOG_COSH = Loss(
    "log_cosh", log_cosh, log_cosh_gradient, formula=r"\log\cosh(y - t)", derivative_formula=r"\tanh(y - t)"
)
QUANTILE = replace(quantile(0.5), name="quantile")

LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        HALF_SQUARED_ERROR,
        LOG_LOSS,
        CROSS_ENTROPY,
        PERCEPTRON,
        HINGE,
        SQUARED_HINGE,
        POISSON,
        ABSOLUTE_ERROR,
        HUBER,
        LOG_COSH,
        QUANTILE,
    )
}
PARAMETRIZED: dict[str, Callable[[float], Loss]] = {"huber": huber, "quantile": quantile}
