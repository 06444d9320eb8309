"""Windows: what an epoch reads at once, in which order, and which rows are held out to validate.

The rows of a source are cut into blocks, a few of which fill a window. For every epoch the blocks are dealt anew, and
the rows of a window among themselves: rows that lie near each other in the file may share a batch a little more often
than by chance, and no more than a window is ever in memory beside the next one, which a thread reads meanwhile.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from chainrule.streams.source import Source

BLOCKS = 8, 128  # of a window, at least and at most, where rows can be read in any pieces: they lie apart in the file
LEAST_BLOCK = 4096  # bytes, below which to begin a reading takes longer than to read
OVERHEAD = 16  # bytes of a row: its number, and its place in the order
WINDOWS = 3  # in memory at most: what trains, what is read, and what is carried or copied on the way


@dataclass(frozen=True, eq=False)
class Window:
    """Rows in memory: X (n, n_features), y, and the numbers that they have in the source."""

    X: npt.NDArray[Any]
    y: npt.NDArray[Any]
    rows: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows)

    def take(self, which: npt.NDArray[Any] | slice) -> Window:
        """Return some of the rows."""
        return Window(self.X[which], self.y[which], self.rows[which])


@dataclass(frozen=True)
class HeldOut:
    """Which rows validate: a share of them, by a hash of their number, so that no list of them is kept."""

    share: float
    seed: int

    def __call__(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each row validates.

        >>> float(HeldOut(0.25, seed=1)(np.arange(100_000)).mean().round(2))
        0.25
        """
        return _hashed(rows, self.seed) < np.uint64(min(self.share, 1.0) * (2**64 - 2**11))


def _hashed(rows: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.uint64]:
    """SplitMix64's output of each number, Steele, Lea and Flood 2014: 64 bits that look random."""
    with np.errstate(over="ignore"):
        z = rows.astype(np.uint64) + np.uint64(1) + np.uint64(seed % 2**63)
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found: npt.NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return found


class Windows:
    """A source cut into blocks, of which so many make a window as the memory allows.

    Parameters
    ----------
    source : Source
    memory : int
        Bytes for all windows together.
    more : int
        Bytes that a row takes beside what is read: its targets as the network sees them.
    held_out : HeldOut, optional
    """

    def __init__(self, source: Source, memory: int, more: int = 0, held_out: HeldOut | None = None) -> None:
        self.source, self.held_out = source, held_out
        row = WINDOWS * (source.row_bytes + more + OVERHEAD)
        self.rows_of_window = memory // row
        if self.rows_of_window < 1:
            raise InvalidValue(f"memory={memory} bytes are too few: windows of a single row take {row}.")
        fits = source.n_rows <= self.rows_of_window
        blocks = np.clip(self.rows_of_window * source.row_bytes // LEAST_BLOCK, *BLOCKS)
        usual = source.n_rows if fits else max(1, self.rows_of_window // int(blocks))
        self.blocks = list(pairwise(source.bounds(usual, self.rows_of_window)))

    def epoch(self, deal: Callable[[int], npt.NDArray[Any]] | None) -> Iterator[Window]:
        """Read all rows that train, a window at a time, the next one while this one is worked on.

        ``deal(n)`` returns the numbers from 0 to n − 1 in another order, for blocks first and then for the rows of each
        window; without it all come in the order of the source.
        """
        blocks = self.blocks
        if deal is not None and not self.source.is_sequential:
            blocks = [self.blocks[k] for k in deal(len(self.blocks))]
        for window in self._ahead(self._grouped(blocks)):
            kept = window if self.held_out is None else window.take(~self.held_out(window.rows))
            if len(kept):
                yield kept

    def validating(self) -> Iterator[Window]:
        """Read the rows that validate, in order."""
        assert self.held_out is not None, "Asked for where there are any."  # noqa: S101
        for window in self.in_order():
            kept = window.take(self.held_out(window.rows))
            if len(kept):
                yield kept

    def in_order(self) -> Iterator[Window]:
        """Read all rows as they lie."""
        yield from self._ahead(self._grouped(self.blocks))

    def _grouped(self, blocks: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        """Blocks together, as many as fill a window."""
        groups: list[list[tuple[int, int]]] = []
        size = self.rows_of_window
        for start, stop in blocks:
            if not groups or size + stop - start > self.rows_of_window:
                groups.append([])
                size = 0
            groups[-1].append((start, stop))
            size += stop - start
        return groups

    def _ahead(self, groups: Sequence[list[tuple[int, int]]]) -> Iterator[Window]:
        """Read one group of blocks after the other, in a thread of its own and one ahead.

        A process that was forked meanwhile has no such thread, and reads by itself.
        """
        process = os.getpid()
        with ThreadPoolExecutor(1, thread_name_prefix="chainrule-reads") as pool:
            coming = pool.submit(self._read, groups[0]) if groups else None
            for number, group in enumerate(groups):
                if os.getpid() != process:
                    yield self._read(group)
                    continue
                assert coming is not None  # noqa: S101
                window = coming.result()
                coming = pool.submit(self._read, groups[number + 1]) if number + 1 < len(groups) else None
                yield window

    def _read(self, blocks: Sequence[tuple[int, int]]) -> Window:
        """Read blocks into one window, and refuse what is not finite in them."""
        n_rows = sum(stop - start for start, stop in blocks)
        X = np.empty((n_rows, self.source.n_features), self.source.dtype)
        targets, rows, end = [], np.empty(n_rows, np.int64), 0
        for start, stop in blocks:
            begin, end = end, end + stop - start
            X[begin:end], y = self.source.read(start, stop)
            checked(self.source, start, X[begin:end], y)
            rows[begin:end] = np.arange(start, stop)
            targets.append(y)
        return Window(X, np.concatenate(targets), rows)


def whole_batches(
    windows: Windows, size: int, deal: Callable[[int], npt.NDArray[Any]] | None
) -> Iterator[tuple[Window, npt.NDArray[Any]]]:
    """Yield windows, and in which order their rows are taken, so that every batch but an epoch's last is whole.

    What is left over of a window begins the next one's: that batch, of two windows, comes by itself.
    """
    carried: Window | None = None
    for window in windows.epoch(deal):
        places = np.arange(len(window)) if deal is None else deal(len(window))
        if carried is not None:
            missing, places = places[: size - len(carried)], places[size - len(carried) :]
            carried = joined(carried, window.take(missing))
            if len(carried) < size:
                continue
            yield carried, np.arange(size)
        whole = len(places) // size * size
        if whole:
            yield window, places[:whole]
        carried = window.take(places[whole:]) if whole < len(places) else None
    if carried is not None:
        yield carried, np.arange(len(carried))


def joined(one: Window, other: Window) -> Window:
    """Return the rows of two windows as one."""
    pairs = zip((one.X, one.y, one.rows), (other.X, other.y, other.rows), strict=True)
    return Window(*(np.concatenate(pair) for pair in pairs))
