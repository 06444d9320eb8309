"""Points: what every generator returns, in which numbers two classes share them, and how they are mixed."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.errors import InvalidValue, check_count

if TYPE_CHECKING:
    from chainrule.maths.initializers import Generator

Points: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[np.intp]


def shuffled(X: Points, T: Labels, generator: Generator) -> tuple[Points, Labels]:
    """Return both in one random order."""
    order = generator.permutation(len(X))
    return X[order], T[order]


def pair_sizes(n: int | tuple[int, int], part: str) -> tuple[int, int]:
    """How many points each of two parts gets, the second one more of an odd number."""
    if isinstance(n, numbers.Integral):
        count = check_count("n", n)
        return count // 2, count - count // 2
    if not np.iterable(n) or isinstance(n, str) or len(sizes := tuple(n)) != 2:
        raise InvalidValue(f"n must be a whole number or a pair of them, one a {part}, got {n!r}.")
    n_outer, n_inner = (check_count(f"n, one a {part},", size, at_least=0) for size in sizes)
    if n_outer + n_inner == 0:
        raise InvalidValue("n must count at least one point, got (0, 0).")
    return n_outer, n_inner
