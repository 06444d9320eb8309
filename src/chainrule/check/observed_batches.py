"""Observed batches: which rows of a table a program takes, where no name holds the rows themselves.

``X[indices[start : start + batch_size]]`` and ``X[start : start + batch_size]`` are rows that nobody keeps: what is
kept are the indices, or where they begin and how many they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.check.observed_parameters import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.edits.program import Vector
    from chainrule.check.observed_values import Arrays

Rows: TypeAlias = npt.NDArray[np.intp]

MOST_INDEX = 10_000  # of a row; numbers that overflowed are whole, too
MOST_STARTS = 6
MOST_ORDERS = 3
PLAIN = re.compile(r"\w+(\.\w+)?")  # a name, or an attribute of one
SAYS_SIZE = re.compile(r"(?i)batch|size|chunk|^bs$")


def batches_in(values: Arrays) -> Iterator[Rows]:
    """The rows that names may stand for at a time: an array of indices, and stretches of one, or of the table.

    A stretch begins at a number that has a name, or at so many stretches.

    >>> from chainrule.check.observed_values import arrays_in
    >>> values = arrays_in({"order": np.array([3, 0, 2, 1]), "start": 2, "batch_size": 2})
    >>> sorted(rows.tolist() for rows in batches_in(values))
    [[2, 1], [2, 3], [3, 0, 2, 1], [4, 5]]
    """
    values = {path: one for path, one in values.items() if PLAIN.fullmatch(path) and one.ndim < 2}
    orders = [one.astype(np.intp) for one in values.values() if _is_indices(one)][:MOST_ORDERS]
    yield from orders
    whole = {path: int(one.item()) for path, one in values.items() if one.size == 1 and _is_whole(one)}
    sizes = {number for path, number in whole.items() if number > 1 and SAYS_SIZE.search(last_word(path))}
    starts = {number for path, number in whole.items() if path.isidentifier() and not SAYS_SIZE.search(path)}
    for size in sizes:
        for start in sorted({start * factor for start in starts for factor in (1, size)})[:MOST_STARTS]:
            yield np.arange(start, start + size)
            yield from (order[start : start + size] for order in orders if start < len(order))


def _is_whole(array: Vector) -> bool:
    return bool(((array >= 0) & (array < MOST_INDEX) & (array == np.round(array))).all())


def _is_indices(array: Vector) -> bool:
    """Whether an array may be row numbers: whole, each once, in another order than 0, 1, 2, …."""
    if array.ndim != 1 or array.size < 1 or not _is_whole(array):
        return False
    return len(np.unique(array)) == array.size and not np.array_equal(array, np.arange(array.size))
