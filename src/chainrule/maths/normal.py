"""The normal distribution, Φ and φ, which NumPy lacks and gelu needs."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array

TAIL = 40.0  # beyond it Φ is 0 or 1 in every float


def normal_density(Z: Array) -> Array:
    """φ(z) = e^{−z²/2} / √(2π).

    >>> normal_density(np.array([0.0, 1e4])).round(6)
    array([0.398942, 0.      ])
    """
    return np.exp(-0.5 * np.square(np.clip(Z, -TAIL, TAIL))) / math.sqrt(2.0 * math.pi)


def normal_distribution(Z: Array) -> Array:
    """Φ(z) = ½ erfc(−z/√2), which NumPy lacks: ½ e^{−x²} [e^{x²} erfc(x)] at x = |z|/√2, mirrored where z > 0.

    >>> normal_distribution(np.array([-1.0, 0.0, 1e4])).round(6)
    array([0.158655, 0.5     , 1.      ])
    """
    x = np.minimum(np.abs(Z), TAIL) / math.sqrt(2.0)
    scaled = np.polynomial.chebyshev.chebval(4.0 / (2.0 + x) - 1.0, _scaled_tail_polynomial().astype(Z.dtype))
    tail = 0.5 * np.exp(-0.5 * np.square(np.minimum(np.abs(Z), TAIL))) * scaled
    return np.where(Z > 0.0, 1.0 - tail, tail)


@cache
def _scaled_tail_polynomial() -> npt.NDArray[np.float64]:
    """Chebyshev coefficients of e^{x²} erfc(x), x ≥ 0, in u = 4 / (2 + x) − 1, which maps [0, ∞) to (−1, 1]."""
    u = np.polynomial.chebyshev.chebpts1(41)
    values = [_scaled_tail(x) for x in (4.0 / (u + 1.0) - 2.0).tolist()]
    return np.polynomial.chebyshev.chebfit(u, np.array(values), len(u) - 1)


def _scaled_tail(x: float) -> float:
    """e^{x²} erfc(x): by Python's erfc where that keeps its digits, by its asymptotic series beyond."""
    if x < 12.0:
        return math.exp(x * x) * math.erfc(x)
    series, term = 0.0, 1.0
    for k in range(10):
        series += term
        term *= -(2 * k + 1) / (2.0 * x * x)
    return series / (x * math.sqrt(math.pi))
