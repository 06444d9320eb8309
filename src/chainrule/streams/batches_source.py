"""Batches as a source: anything that yields pairs (X, y), and yields them again whenever it is iterated over."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import Source, check_filled, checksum, float_dtype, plain_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    Pair = tuple[npt.NDArray[Any], npt.NDArray[Any]]


class _Reading(threading.local):
    """How far a thread has come: two fits read the same batches, each in a thread of its own."""

    rest: Iterator[tuple[int, Any]] | None = None
    at = 0
    kept: Pair


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
        self.n_rows, self._starts, first, self._sum = 0, [0], None, 0
        for number, pair in enumerate(batches):
            X, y = _as_pair(pair, number, first)
            first = first or (X.shape[1], X.dtype, y.shape[1:], y.dtype)
            self.n_rows += len(X)
            self._starts.append(self.n_rows)
            self._sum = checksum(y, checksum(X, self._sum))
        if first is None or not self.n_rows:
            raise InvalidValue("The batches hold no rows.")
        self.n_features, self.dtype = first[0], float_dtype([first[1]])
        self.row_bytes = self.n_features * self.dtype.itemsize + int(np.prod(first[2])) * first[3].itemsize
        self._first = first
        self._here = _Reading()

    @property
    def parts(self) -> Sequence[str]:
        """What the batches are, by their type and by the numbers in them."""
        return [type(self.batches).__qualname__, str(self._sum)]

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: not how far it was read."""
        return vars(self) | {"_here": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Begin before the first row."""
        vars(self).update(state, _here=_Reading())

    def read(self, start: int, stop: int) -> Pair:
        """Return a range of rows: the next ones as they come, others after what lies before them was passed over."""
        here = self._here
        if here.rest is None or start < here.at or start == 0:
            features, _, outputs, kind = self._first
            here.rest, here.at = iter(enumerate(self.batches)), 0
            here.kept = np.empty((0, features), self.dtype), np.empty((0, *outputs), kind)
        while here.at < start:
            self._next(min(start, here.at + stop - start))
        X, y = self._next(stop)
        return np.ascontiguousarray(X, self.dtype), y.copy()

    def _next(self, stop: int) -> Pair:
        """Return the rows from where this thread has come to before another."""
        here, size = self._here, stop - self._here.at
        assert here.rest is not None, "It was begun."  # noqa: S101
        pieces, count = [here.kept], len(here.kept[0])
        while count < size:
            number, pair = next(here.rest, (-1, None))
            if pair is None:
                raise InvalidValue(
                    f"The batches held {self.n_rows} rows when they were counted, and end after {here.at + count} now."
                )
            pieces.append(_as_pair(pair, number, self._first))
            count += len(pieces[-1][0])
        X, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        here.at, here.kept = stop, (X[size:], y[size:])
        return X[:size], y[:size]

    def place(self, row: int) -> str:
        """Tell a row by its batch, both numbered from 0."""
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return f"{super().place(row - self._starts[number])} of batch {number}"


def _is_text(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "USO"


def _as_pair(pair: Any, number: int, first: Any) -> Pair:
    """Return a batch as two arrays, or the sentence about what it is."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InvalidValue(f"Batch {number} must be a pair (X, y), got a {type(pair).__name__}.")
    for name, values in zip("Xy", pair, strict=True):
        check_filled(f"{name} of batch {number}", values)
    X, y = np.asarray(pair[0]), plain_targets(np.asarray(pair[1]))
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise InvalidValue(f"X of batch {number} must be numbers (n_rows, n_features), got {X.dtype} {X.shape}.")
    if y.ndim not in (1, 2) or len(y) != len(X):
        raise InvalidValue(f"y of batch {number} must have a target for each of its {len(X)} rows, got {y.shape}.")
    if first is not None and (
        (X.shape[1], X.dtype, y.shape[1:]) != first[:3] or _is_text(y.dtype) != _is_text(first[3])
    ):
        raise InvalidValue(
            f"X of batch {number} is {X.dtype} with {X.shape[1]} features and y {y.dtype} {y.shape}; the first batch "
            f"has {first[1]}, {first[0]} features and targets {first[3]} of shape {first[2] or '(n,)'}."
        )
    return X, y
