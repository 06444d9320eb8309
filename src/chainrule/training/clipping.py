"""Clipping: a gradient that is too long keeps its direction and loses its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


def clipped(gradient: Array, limit: float) -> Array:
    """g · min(1, limit / ‖g‖), by the norm of the whole gradient (Pascanu, Mikolov and Bengio 2013, Algorithm 1).

    Examples
    --------
    >>> clipped(np.array([3.0, 4.0]), 1.0), clipped(np.array([3.0, 4.0]), 9.0)
    (array([0.6, 0.8]), array([3., 4.]))
    """
    largest = float(np.abs(gradient).max())
    if largest == 0.0:
        return gradient
    norm = largest * float(np.linalg.norm(gradient / largest))  # squares of large entries overflow float32
    return gradient if norm <= limit else gradient * (limit / norm)
