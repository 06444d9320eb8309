"""Penalties: what large weights cost. Each is a pair, value and gradient, of one weight matrix; biases are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array


@dataclass(frozen=True)
class Penalty:
    """A penalty λ·value(W), summed over the weight matrices of a network; ``gradient(W)`` has the shape of W."""

    name: str
    value: Callable[[Array], float]
    gradient: Callable[[Array], Array]


def l1(W: Array) -> float:
    """Sum of absolute weights, Σ |W|.

    >>> l1(np.array([[1.0, -2.0]]))
    3.0
    """
    return float(np.abs(W).sum())


def l1_gradient(W: Array) -> Array:
    """∂/∂W of l1: the sign of W, 0 at the kink W = 0."""
    return np.sign(W)


def l2(W: Array) -> float:
    """Sum of squared weights, Σ W² (S1's, without a ½).

    >>> l2(np.array([[1.0, -2.0]]))
    5.0
    """
    return float((W * W).sum())


def l2_gradient(W: Array) -> Array:
    """∂/∂W of l2: 2 W."""
    return 2.0 * W


L1 = Penalty("l1", l1, l1_gradient)
L2 = Penalty("l2", l2, l2_gradient)
PENALTIES: dict[str, Penalty] = {penalty.name: penalty for penalty in (L1, L2)}
