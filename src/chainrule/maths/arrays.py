"""What the formulas work on: floating-point arrays, and sets of real numbers that their rows may come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
quietly = np.errstate(over="ignore", invalid="ignore")  # who is handed the inf or NaN needs no warning about it


def masked_places(values: Any) -> npt.NDArray[np.intp]:
    """Return the places of the masked entries of a masked array, one a row; of anything else there are none.

    ``numpy.ma`` takes a hundredth of a second to import: only a subclass of NumPy's array can be one of its arrays.

    >>> masked_places(np.ma.masked_less([3.0, -1.0, 2.0], 0.0)).tolist(), masked_places([3.0, -1.0]).size
    ([[1]], 0)
    """
    if isinstance(values, np.ndarray) and type(values) is not np.ndarray:
        from numpy import ma  # noqa: PLC0415

        if isinstance(values, ma.MaskedArray):
            return np.argwhere(ma.getmaskarray(values))
    return np.empty((0, 0), np.intp)


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
