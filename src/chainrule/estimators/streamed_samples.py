"""Streamed samples: rows that are read a window at a time, as a descent goes through them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import check_values
from chainrule.streams.windows import whole_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.estimators.samples import Batch, Deal, Places, Samples
    from chainrule.maths.arrays import Array
    from chainrule.streams.windows import Window, Windows

MOST_CLASSES = 100_000
FEW = 1000  # values
NO_ORDER = np.arange(0)


@dataclass(frozen=True, eq=False)
class StreamedSamples:
    """The rows of windows that train: how many there are, what they weigh, and how a window becomes samples.

    Every batch but the last of an epoch is whole: what is left over of a window begins the next one's.
    """

    windows: Windows
    n_rows: int
    total: float
    largest_weight: float
    as_samples: Callable[[Window], Samples]
    X: Array  # the first rows, which show dtype and width
    T: Array
    rows: None = None

    def __len__(self) -> int:
        """How many rows train."""
        return self.n_rows

    def first_order(self) -> Places:
        """Return no order: every epoch deals anew."""
        return NO_ORDER

    def next_order(self, order: Places, deal: Deal | None) -> Places:  # noqa: ARG002
        """Return no order."""
        return order

    def parts(self, order: Places, size: int, deal: Deal | None) -> Iterator[tuple[Samples, Places]]:  # noqa: ARG002
        """Yield what an epoch goes through, with the places in it."""
        for window, places in self.dealt(size, deal):
            yield self.as_samples(window), places

    def dealt(self, size: int, deal: Deal | None) -> Iterator[tuple[Window, Places]]:
        """Yield windows with their places dealt; a batch from two windows comes by itself."""
        return whole_batches(self.windows, size, deal)

    def in_memory(self) -> Iterator[Samples]:
        """Yield all of them, as far as they are in memory at once."""
        for window in self.windows.epoch(None):
            yield self.as_samples(window)

    def blocks(self) -> Iterator[Batch]:
        """Go through all of them in order, block by block."""
        for part in self.in_memory():
            yield from part.blocks()


def label_counts(windows: Windows) -> Counter[Any]:
    """Count the labels of all rows, reading targets alone; labels of rows of several columns are counted by row.

    Raises
    ------
    InvalidValue
        Where there are so many different ones that they are no classes.
    """
    counts: Counter[Any] = Counter()
    for start, stop in windows.blocks:
        y = windows.source.read_targets(start, stop)
        check_values(windows.source, start, "y", y)
        counts.update(_counted(y))
        if len(counts) > MOST_CLASSES:
            raise InvalidValue(f"y has more than {MOST_CLASSES} different values: use MLPRegressor for numbers.")
    return counts


def _counted(y: Any) -> dict[Any, int]:
    """Count labels; whole numbers near each other without sorting them."""
    if y.dtype.kind in "iu" and int(y.max()) < 2**63 and int(y.max()) - int(y.min()) < FEW:
        least = y.min()
        numbers = np.bincount((y - least if y.dtype.itemsize > 4 else y.astype(np.int64) - int(least)).ravel())
        labels = np.flatnonzero(numbers)
        return dict(zip((labels + int(least)).tolist(), numbers[labels].tolist(), strict=True))
    labels, numbers = np.unique(y, return_counts=True)
    return dict(zip(labels.tolist(), numbers.tolist(), strict=True))
