"""Losses with a number of their own: Huber's δ, the quantile q."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.maths.loss import Loss

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


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
