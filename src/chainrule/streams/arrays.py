"""Arrays as a source: memory-mapped .npy files, arrays of zarr and h5py, and whatever gives a slice of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.streams.source import Source, float_dtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


class Mapped(NamedTuple):
    """Where a memory-mapped array lies."""

    path: str
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def mapped(self) -> npt.NDArray[Any]:
        """Map it, for reading alone."""
        return np.memmap(self.path, self.dtype, "r", self.offset, self.shape)


def _as_mapped(array: Any) -> Any:
    """Where an array lies, if it is a memory-mapped file row by row, else the array."""
    root = array
    while isinstance(root, np.memmap) and isinstance(root.base, np.memmap):
        root = root.base  # a slice keeps the offset of what it was taken of
    if not isinstance(root, np.memmap) or root.filename is None or not array.flags.c_contiguous:
        return array
    offset = root.offset + array.ctypes.data - root.ctypes.data
    return Mapped(str(root.filename), offset, array.dtype, array.shape)


class ArraySource(Source):
    """X (n_rows, n_features) and y (n_rows,) or (n_rows, n_outputs), of which slices of rows are taken."""

    def __init__(self, X: Any, y: Any) -> None:
        self.X, self.y = X, y
        for name, array, dimensions in (("X", X, (2,)), ("y", y, (1, 2))):
            _check_array(name, array, dimensions)
        if X.shape[0] != y.shape[0]:
            raise InvalidValue(f"X has {X.shape[0]} rows and y {y.shape[0]}: they must have as many.")
        self.n_rows, self.n_features = map(int, X.shape)
        self.dtype = float_dtype([np.dtype(X.dtype)])
        outputs = int(np.prod(y.shape[1:], dtype=np.int64))
        self.row_bytes = self.n_features * self.dtype.itemsize + outputs * np.dtype(y.dtype).itemsize

    @property
    def parts(self) -> Sequence[str]:
        """The arrays' files, shapes and dtypes."""
        return [_told(array) for array in (self.X, self.y)]

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return copies of a range of rows."""
        return np.array(self.X[start:stop], dtype=self.dtype, order="C"), self.read_targets(start, stop)

    def read_targets(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return a copy of the targets of a range of rows."""
        return np.array(self.y[start:stop])

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: of a memory-mapped file its path, and no row of it."""
        return vars(self) | {"X": _as_mapped(self.X), "y": _as_mapped(self.y)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Map the files again."""
        vars(self).update(state)
        self.X, self.y = (one.mapped() if isinstance(one, Mapped) else one for one in (self.X, self.y))

    def bounds(self, usual: int, most: int) -> list[int]:
        """Blocks of so many rows; of an array in chunks a whole number of those, where they fit."""
        chunk = int((getattr(self.X, "chunks", None) or (1,))[0])
        step = max(usual // chunk, 1) * chunk if 1 < chunk <= most else usual
        return [*range(0, self.n_rows, step), self.n_rows]

    def place(self, row: int) -> str:
        """Tell a row, and the file that it lies in."""
        path = getattr(self.X, "filename", None)
        return super().place(row) + (f" of {Path(path).name}" if isinstance(path, str | Path) else "")


def _check_array(name: str, array: Any, dimensions: tuple[int, ...]) -> None:
    """Refuse what is no array of numbers in rows."""
    if not hasattr(array, "shape") or not hasattr(array, "dtype"):
        raise InvalidValue(f"{name} must be an array whose rows can be sliced, got a {type(array).__name__}.")
    if len(array.shape) not in dimensions:
        wanted = "two dimensions" if dimensions == (2,) else "one dimension or two"
        raise InvalidValue(f"{name} must have {wanted}, got shape {tuple(array.shape)}.")
    if array.shape[0] == 0:
        raise InvalidValue(f"{name} has no rows.")
    if name == "X" and np.dtype(array.dtype).kind not in "fiub":
        raise InvalidValue(f"X must hold real numbers, got dtype {array.dtype}.")
    if np.dtype(array.dtype).kind not in "fiubUS":
        raise InvalidValue(f"y must hold numbers or texts of a fixed length, got dtype {array.dtype}.")


def _told(array: Any) -> str:
    """Tell an array by its file, where it has one, and its kind."""
    path = getattr(array, "filename", None)
    at = Path(path) if isinstance(path, str | Path) else None
    changed = str(getattr(array, "store_path", ""))  # zarr's
    if at is not None and at.exists():
        changed = f"{at.resolve()} {at.stat().st_mtime_ns} {at.stat().st_size}"
    return f"{changed} {array.dtype} {tuple(array.shape)}"
