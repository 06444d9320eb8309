"""Dask arrays and data frames as a source: a chunk, or a partition, is computed when its rows are read."""

from __future__ import annotations

import bisect
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import Source, bounds_of_pieces, float_dtype, plain_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


class DaskSource(Source):
    """A Dask data frame with the columns of y, or two Dask arrays; lengths that Dask does not know are computed."""

    def __init__(self, X: Any, y: Any) -> None:
        is_frame = hasattr(X, "columns")
        targets = [y] if isinstance(y, str) else y
        if is_frame:
            missing = [name for name in targets if name not in X.columns]
            if missing:
                raise InvalidValue(f"The frame has no column {missing[0]!r}. It has {', '.join(map(str, X.columns))}.")
            features = [name for name in X.columns if name not in targets]
            self.names = tuple(map(str, features))
            self.X, self.y = X[features], X[y if isinstance(y, str) else list(y)]
            dtypes = [np.dtype(kind) for kind in self.X.dtypes]
        else:
            self.X, self.y = X, y
            dtypes = [np.dtype(X.dtype)]
        if any(dtype.kind not in "fiub" for dtype in dtypes):
            raise InvalidValue(f"X must hold real numbers, got {', '.join(sorted({str(one) for one in dtypes}))}.")
        lengths = [int(one) for one in self._lengths(self.X, is_frame)]
        if not is_frame and [int(one) for one in self._lengths(self.y, is_frame)] != lengths:
            raise InvalidValue("X and y must be in chunks of the same rows: y.rechunk({0: X.chunks[0]}).")
        self.starts = np.cumsum([0, *lengths]).tolist()
        self.n_rows, self.n_features = int(self.starts[-1]), int(self.X.shape[1])
        if not self.n_rows:
            raise InvalidValue("X has no rows.")
        if not is_frame and self.X.numblocks[1] > 1:
            self.X = self.X.rechunk({1: -1})
        self.dtype = float_dtype(dtypes)
        self.row_bytes = self.n_features * self.dtype.itemsize + 8 * (len(targets) if is_frame else self._outputs())

    def _outputs(self) -> int:
        return int(self.y.shape[1]) if self.y.ndim == 2 else 1

    @staticmethod
    def _lengths(collection: Any, is_frame: bool) -> Any:
        """How many rows each part has."""
        if is_frame:
            return collection.map_partitions(len).compute()
        if np.isnan(collection.chunks[0]).any():  # not known
            collection.compute_chunk_sizes()
        return collection.chunks[0]

    @property
    def parts(self) -> Sequence[str]:
        """The names that Dask gives to what is computed in the same way of the same."""
        return [str(one.__dask_keys__()[0]) for one in (self.X, self.y)]

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the rows of whole parts, computed together."""
        compute = import_module("dask").compute  # there, for these are its collections
        X, y = compute(self._parts_of(self.X, start, stop), self._parts_of(self.y, start, stop))
        rows = np.ascontiguousarray(np.concatenate([np.asarray(one, self.dtype) for one in X]))
        return rows, plain_targets(np.concatenate(list(map(np.asarray, y))))

    def _parts_of(self, collection: Any, start: int, stop: int) -> list[Any]:
        first, last = (bisect.bisect_left(self.starts, row) for row in (start, stop))
        parts = (
            collection.partitions
            if hasattr(collection, "columns") or not hasattr(collection, "blocks")
            else collection.blocks
        )
        return [parts[k] for k in range(first, last)]

    def bounds(self, usual: int, most: int) -> list[int]:
        """Whole parts, which are computed at once."""
        return bounds_of_pieces(
            self.starts,
            usual,
            most,
            lambda k, rows: (
                f"Part {k} has {rows} rows, and {most} fit: it is computed at once. Give more memory (memory='1 GB'), "
                "or make smaller parts (rechunk, repartition)."
            ),
        )

    def place(self, row: int) -> str:
        """Tell a row by its part, both numbered from 0."""
        k = bisect.bisect_right(self.starts, row) - 1
        return f"{super().place(row - self.starts[k])} of part {k}"
