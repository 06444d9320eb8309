"""Averaging: the mean of the parameters along the way, which wavers less than the last of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


@dataclass(frozen=True, eq=False)
class Average:
    """The mean of ``count`` thetas, θ̄ ← θ̄ + (θ − θ̄) / count.

    Averaging of Polyak and Juditsky (1992), of the parameters after every update from some epoch on.

    Examples
    --------
    >>> import numpy as np
    >>> Average(np.array([1.0, 5.0])).including(np.array([3.0, 7.0])).theta
    array([2., 6.])
    """

    theta: Array
    count: int = 1

    def including(self, theta: Array) -> Average:
        """Return the mean with one more."""
        count = self.count + 1
        return Average(self.theta + (theta - self.theta) / count, count)
