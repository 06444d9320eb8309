"""Losses: how far Y is from T. Each is a pair, value and gradient, one entry a sample; averaging comes after."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.arrays import DISTRIBUTIONS, POSITIVE, PROBABILITIES, REALS, Array, Domain
from chainrule.maths.targets import (
    any_targets,
    count_targets,
    distribution_targets,
    probability_targets,
    sign_targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
    check_targets : function (T) -> str or None
        What is wrong with these targets, as the end of a sentence that begins with the loss's name.
    formula, derivative_formula : str, optional
        LaTeX for one output's term and its derivative; without them an explanation writes ℓ and ℓ′.

    Examples
    --------
    Your own is accepted wherever a name is:

    >>> fourth = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
    >>> fourth.value(np.array([[2.0], [1.0]]), np.array([[0.0], [1.0]]))
    array([16.,  0.])
    """

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    domain: Domain = REALS
    check_targets: Callable[[Array], str | None] = any_targets
    formula: str | None = None
    derivative_formula: str | None = None


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


@dataclass(frozen=True)
class HuberValue:
    """Huber loss of each sample: Σ_k ½ r² where |r| ≤ δ and δ (|r| − ½ δ) beyond, r = Y − T (Huber 1964)."""

    delta: float

    def __call__(self, Y: Array, T: Array) -> Array:
        """Return one loss a sample."""
        r = np.abs(Y - T)
        near = np.minimum(r, self.delta)
        losses: Array = (near * (r - 0.5 * near)).sum(axis=1)
        return losses


@dataclass(frozen=True)
class HuberGradient:
    """∂/∂Y of the Huber loss: Y − T, cut off at ±δ."""

    delta: float

    def __call__(self, Y: Array, T: Array) -> Array:
        """Return one slope an output."""
        return np.clip(Y - T, -self.delta, self.delta)


@dataclass(frozen=True)
class QuantileValue:
    """Quantile loss of each sample, Σ_k max(q (T − Y), (q − 1)(T − Y)): its best constant is the q-quantile."""

    q: float

    def __call__(self, Y: Array, T: Array) -> Array:
        """Return one loss a sample."""
        losses: Array = np.maximum(self.q * (T - Y), (self.q - 1.0) * (T - Y)).sum(axis=1)
        return losses


@dataclass(frozen=True)
class QuantileGradient:
    """∂/∂Y of the quantile loss: −q where Y < T, 1 − q where Y > T, 0 at the kink Y = T."""

    q: float

    def __call__(self, Y: Array, T: Array) -> Array:
        """Return one slope an output."""
        side = np.sign(Y - T)
        return 0.5 * side + (0.5 - self.q) * np.abs(side)


def huber(delta: float = 1.0) -> Loss:
    """Huber loss with its own δ; the loss named "huber" has δ = 1.

    Parameters
    ----------
    delta : float > 0
        δ: up to this error the loss is squared, beyond it linear.

    Returns
    -------
    Loss

    Raises
    ------
    ValueError
        Where delta is no finite number > 0.

    Examples
    --------
    >>> huber(2.0).name, huber(2.0).value(np.array([[1.0], [5.0]]), np.zeros((2, 1)))
    ('huber(2.0)', array([0.5, 8. ]))
    """
    if not (isinstance(delta, numbers.Real) and delta > 0.0 and math.isfinite(delta)):
        raise ValueError(f"delta must be a finite number > 0, got {delta!r}.")
    delta = float(delta)
    return Loss(
        f"huber({delta!r})",
        HuberValue(delta),
        HuberGradient(delta),
        formula=rf"m\,(|y - t| - \tfrac{{1}}{{2}} m),\quad m = \min(|y - t|, {delta:g})",
        derivative_formula=rf"\max(-{delta:g}, \min({delta:g}, y - t))",
    )


def quantile(q: float = 0.5) -> Loss:
    """Quantile (pinball) loss with its own q; the loss named "quantile" has q = ½ (Koenker and Bassett 1978).

    Parameters
    ----------
    q : float, 0 < q < 1
        The share of the targets that should lie below the output.

    Returns
    -------
    Loss

    Raises
    ------
    ValueError
        Where q is outside its bounds.

    Examples
    --------
    >>> quantile(0.9).value(np.array([[1.0], [5.0]]), np.array([[2.0], [4.0]])).round(6)
    array([0.9, 0.1])
    """
    if not (isinstance(q, numbers.Real) and 0.0 < q < 1.0):
        raise ValueError(f"q must be a number between 0 and 1, got {q!r}.")
    q = float(q)
    return Loss(
        f"quantile({q!r})",
        QuantileValue(q),
        QuantileGradient(q),
        formula=rf"\max({q:g}\,(t - y), {q - 1:g}\,(t - y))",
        derivative_formula=rf"{1 - q:g}\,\mathbb{{1}}[y > t] - {q:g}\,\mathbb{{1}}[y < t]",
    )


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
