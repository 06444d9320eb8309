"""The first look at a table on a cluster: which labels there are, how many of each, and where a number is missing."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.estimators.streamed_samples import MOST_CLASSES
from chainrule.scale.cluster import gathered
from chainrule.scale.group_sums import packed, unpacked
from chainrule.streams.source import checked

if TYPE_CHECKING:
    from chainrule.streams.source import Source

ROWS = 65_536  # of a task
MOST_ROWS = 2**20  # where a file's own pieces are longer


def counted(client: Any, source: Source, *, classes: bool) -> Counter[Any]:
    """Go once through a table; return how often each label is there, of numbers nothing.

    Raises
    ------
    InvalidValue
        Where a value is NaN or infinite, by its row, and where there are so many labels that they are no classes.
    """
    look = partial(client.submit, _labels, packed(source), classes=classes, pure=False)
    counts: Counter[Any] = Counter()
    for found in gathered(client, [look(start, stop) for start, stop in pairwise(source.bounds(ROWS, MOST_ROWS))]):
        counts.update(found)
        if len(counts) > MOST_CLASSES:
            raise InvalidValue(f"y has more than {MOST_CLASSES} different values: use MLPRegressor for numbers.")
    return counts


def _labels(description: bytes, start: int, stop: int, *, classes: bool) -> dict[Any, int]:
    """Check some rows and count their labels, on a worker."""
    source = unpacked(description)
    X, y = source.read(start, stop)
    checked(source, start, X, y)
    labels, numbers = np.unique(y, return_counts=True) if classes else (np.empty(0), np.empty(0))
    return dict(zip(labels.tolist(), numbers.tolist(), strict=True))
