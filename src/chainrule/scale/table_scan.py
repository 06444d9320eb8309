"""The first look at a table on a cluster: which labels there are, how many of each, and where a number is missing."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.scale.cluster import gathered

ROWS = 65_536  # of a task

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


class Scan(NamedTuple):
    """What a table holds: its first rows, and how often each label is there (of numbers nothing is counted)."""

    X: Array
    y: Any
    counts: Counter[Any]


class Part(NamedTuple):
    """What was seen of some rows: columns, labels and their counts, and the first row and column that is no number."""

    n_features: int
    labels: Any
    counts: Any
    bad: tuple[int, str] | None


def scan(client: Any, source: Any, *, classes: bool) -> Scan:
    """Go once through a table.

    Raises
    ------
    InvalidValue
        Where a value is NaN or infinite, or rows have other columns than the first; the sentence names the row.
    """
    n_rows = source.n_rows
    if n_rows < 2:
        raise InvalidValue(f"{source} has {n_rows} rows: training needs at least 2.")
    starts = range(0, n_rows, ROWS)
    look = partial(client.submit, _look, source, pure=False)
    parts: list[Part] = gathered(client, [look(a, min(a + ROWS, n_rows), classes=classes) for a in starts])
    counts: Counter[Any] = Counter()
    for start, part in zip(starts, parts, strict=True):
        if part.n_features != parts[0].n_features:
            raise InvalidValue(
                f"{source}: row {start} and those after it have {part.n_features} columns, the first {parts[0].n_features}."
            )
        if part.bad is not None:
            row, what = part.bad
            raise InvalidValue(f"{source}, row {row} (counted from 0): {what}. Leave the row out, or fill it.")
        counts.update(dict(zip(part.labels, part.counts, strict=True)))
    X, y = source.read(0, min(ROWS, n_rows))
    return Scan(X, y, counts)


def _look(source: Any, start: int, stop: int, *, classes: bool) -> Part:
    """Look at some rows, on a worker."""
    X, y = source.read(start, stop)
    bad = _first_bad(X, y if not classes else None, start)
    labels, counts = np.unique(y, return_counts=True) if classes and np.ndim(y) == 1 else (np.empty(0), np.empty(0))
    return Part(X.shape[1], labels.tolist(), counts.tolist(), bad)


def _first_bad(X: Any, y: Any, start: int) -> tuple[int, str] | None:
    """Return the first row with something that is no finite number, and what it is."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(X.sum()) and (y is None or np.isfinite(np.sum(y))):
            return None  # most are, and a sum needs no array of its own
    for name, values in (("X", X), ("y", y)):
        if values is not None and not (fine := np.isfinite(values).reshape(len(values), -1)).all():
            i, j = np.argwhere(~fine)[0].tolist()
            where = f"{name}, column {j}, is" if name == "X" else "y is"
            return start + i, f"{where} {np.asarray(values).reshape(len(values), -1)[i, j]}"
    return None
