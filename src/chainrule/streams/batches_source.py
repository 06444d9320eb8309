"""Batches as a source: anything that yields pairs (X, y), and yields them again whenever it is iterated over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import Source, float_dtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    Pair = tuple[npt.NDArray[Any], npt.NDArray[Any]]


class BatchesSource(Source):
    """Pairs (X, y) one after the other: read in order alone, counted once at the beginning."""

    is_sequential = True

    def __init__(self, batches: Iterable[Any]) -> None:
        if iter(batches) is batches:
            raise InvalidValue(
                f"A {type(batches).__name__} can be gone through once, and every epoch goes through the data: pass an "
                "object whose __iter__ begins anew, such as a class that opens its file there."
            )
        self.batches = batches
        self.n_rows, self._starts, first = 0, [0], None
        for number, pair in enumerate(batches):
            X, y = _as_pair(pair, number, first)
            first = first or (X.shape[1], X.dtype, y.shape[1:], y.dtype)
            self.n_rows += len(X)
            self._starts.append(self.n_rows)
        if first is None or not self.n_rows:
            raise InvalidValue("The batches hold no rows.")
        self.n_features, self.dtype = first[0], float_dtype([first[1]])
        self.row_bytes = self.n_features * self.dtype.itemsize + int(np.prod(first[2])) * first[3].itemsize
        self._first = first
        self._rest: Iterator[tuple[int, Any]] | None = None
        self._at, self._kept = 0, (np.empty((0, self.n_features), self.dtype), np.empty((0, *first[2]), first[3]))

    @property
    def parts(self) -> Sequence[str]:
        """What the batches are, by their type."""
        return [type(self.batches).__qualname__]

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: not how far it was read."""
        return vars(self) | {"_rest": None, "_at": 0, "_kept": tuple(one[:0] for one in self._kept)}

    def read(self, start: int, stop: int) -> Pair:
        """Return the next rows; from the first on where ``start`` is 0."""
        if start == 0:
            self._rest, self._at = iter(enumerate(self.batches)), 0
            self._kept = tuple(one[:0] for one in self._kept)  # type: ignore[assignment]
        assert start == self._at, "Batches are read in order."  # noqa: S101
        pieces, count = [self._kept], len(self._kept[0])
        while count < stop - start:
            number, pair = next(self._rest or iter(()), (-1, None))
            if pair is None:
                raise InvalidValue(
                    f"The batches held {self.n_rows} rows when they were counted, and end after {self._at + count} now."
                )
            pieces.append(_as_pair(pair, number, self._first))
            count += len(pieces[-1][0])
        X, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        self._at, size = stop, stop - start
        self._kept = X[size:], y[size:]
        return np.ascontiguousarray(X[:size], self.dtype), y[:size].copy()

    def place(self, row: int) -> str:
        """Tell a row by its batch, both numbered from 0."""
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return f"{super().place(row - self._starts[number])} of batch {number}"


def _as_pair(pair: Any, number: int, first: Any) -> Pair:
    """Return a batch as two arrays, or the sentence about what it is."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InvalidValue(f"Batch {number} must be a pair (X, y), got a {type(pair).__name__}.")
    X, y = np.asarray(pair[0]), np.asarray(pair[1])
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise InvalidValue(f"X of batch {number} must be numbers (n_rows, n_features), got {X.dtype} {X.shape}.")
    if y.ndim not in (1, 2) or len(y) != len(X):
        raise InvalidValue(f"y of batch {number} must have a target for each of its {len(X)} rows, got {y.shape}.")
    if first is not None and (X.shape[1], X.dtype, y.shape[1:]) != first[:3]:
        raise InvalidValue(
            f"X of batch {number} is {X.dtype} with {X.shape[1]} features and y has shape {y.shape}; the first batch "
            f"has {first[1]}, {first[0]} features and targets of shape {first[2] or '(n,)'}."
        )
    return X, y
