"""What the formulas work on: floating-point arrays, and sets of real numbers that their rows may come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
quietly = np.errstate(over="ignore", invalid="ignore")  # who is handed the inf or NaN needs no warning about it


@dataclass(frozen=True)
class Domain:
    """A set of rows: each entry lies between ``lower`` and ``upper``, and the row as a whole obeys ``rows``.

    ``rows`` is ``"independent"`` where an entry says nothing about its neighbours, ``"sum to one"`` where
    a row is one distribution, and ``"any"`` where it makes no difference.

    >>> REALS.contains(PROBABILITIES), PROBABILITIES.contains(REALS)
    (True, False)
    """

    name: str
    lower: float = -math.inf
    upper: float = math.inf
    rows: Literal["any", "independent", "sum to one"] = "independent"

    def contains(self, other: Domain) -> bool:
        """Whether every row of ``other`` is a row of this domain."""
        inside = self.lower <= other.lower and other.upper <= self.upper
        return inside and self.rows in ("any", other.rows)


REALS = Domain("real numbers", rows="any")
NONNEGATIVE = Domain("numbers ≥ 0", lower=0.0)
POSITIVE = Domain("numbers > 0", lower=float(np.nextafter(0.0, 1.0)))
BETWEEN_MINUS_ONE_AND_ONE = Domain("numbers between -1 and 1", lower=-1.0, upper=1.0)
PROBABILITIES = Domain("independent probabilities", lower=0.0, upper=1.0)
DISTRIBUTIONS = Domain("distributions (rows that sum to one)", lower=0.0, upper=1.0, rows="sum to one")
