"""Arrays as a source: memory-mapped .npy files, arrays of zarr and h5py, and whatever gives a slice of its rows.

A memory-mapped file is read and not looked at through its map: one that is cut short meanwhile is then a sentence and
not the end of the process by SIGBUS, and its pages do not count as the process's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.streams.source import Source, check_filled, checksum, first_line, float_dtype, plain_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

SAMPLE = 64  # rows that tell a store


class Mapped(NamedTuple):
    """Where a memory-mapped array lies."""

    path: str
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def mapped(self) -> npt.NDArray[Any]:
        """Map it, for reading alone."""
        return np.memmap(self.path, self.dtype, "r", self.offset, self.shape)

    def read(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Read a range of rows.

        Raises
        ------
        InvalidFile
            Where the file is gone, or ends before these rows do.
        """
        width = int(np.prod(self.shape[1:], dtype=np.int64))
        row_bytes, count = width * self.dtype.itemsize, (stop - start) * width
        try:
            values = np.fromfile(self.path, self.dtype, count, offset=self.offset + start * row_bytes)
        except OSError as error:
            raise InvalidFile(f"{self.path} cannot be read any more: {error.strerror}.") from error
        if len(values) != count:
            raise InvalidFile(
                f"{self.path} was cut short: it ends in row {start + len(values) // max(width, 1)} of the "
                f"{self.shape[0]} that its header promises. Write it anew."
            )
        return values.reshape(stop - start, *self.shape[1:])


def mapped_npy(path: str | Path) -> npt.NDArray[Any]:
    """Map an .npy file for reading, or say why that cannot be."""
    try:
        return np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError:
        raise InvalidFile(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:
        raise InvalidFile(f"{path} is no whole .npy file of numbers: {first_line(error)}") from error


def _as_mapped(array: Any) -> Any:
    """Where an array lies, if it is a memory-mapped file row by row, else the array; a copy on write is no file."""
    root = array
    while isinstance(root, np.memmap) and isinstance(root.base, np.memmap):
        root = root.base  # a slice keeps the offset of what it was taken of
    if not isinstance(root, np.memmap) or root.filename is None or root.mode == "c" or not array.flags.c_contiguous:
        return array
    offset = root.offset + array.ctypes.data - root.ctypes.data
    return Mapped(str(root.filename), offset, array.dtype, array.shape)


class ArraySource(Source):
    """X (n_rows, n_features) and y (n_rows,) or (n_rows, n_outputs), of which slices of rows are taken."""

    def __init__(self, X: Any, y: Any) -> None:
        for name, array, dimensions in (("X", X, (2,)), ("y", y, (1, 2))):
            check_filled(name, array)
            _check_array(name, array, dimensions)
        if X.shape[0] != y.shape[0]:
            raise InvalidValue(f"X has {X.shape[0]} rows and y {y.shape[0]}: they must have as many.")
        y = plain_targets(y) if isinstance(y, np.ndarray) else y
        self.X, self.y = X, y
        self.n_rows, self.n_features = map(int, X.shape)
        self.dtype = float_dtype([np.dtype(X.dtype)])
        outputs = int(np.prod(y.shape[1:], dtype=np.int64))
        self.row_bytes = self.n_features * self.dtype.itemsize + outputs * np.dtype(y.dtype).itemsize
        self._at = _as_mapped(X), _as_mapped(y)

    @property
    def parts(self) -> Sequence[str]:
        """The arrays' files, shapes and dtypes."""
        return [_told(*pair) for pair in zip((self.X, self.y), self._at, strict=True)]

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return copies of a range of rows."""
        return np.ascontiguousarray(_rows(self._at[0], start, stop), self.dtype), self.read_targets(start, stop)

    def read_targets(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return a copy of the targets of a range of rows."""
        return plain_targets(np.asarray(_rows(self._at[1], start, stop)))

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: of a memory-mapped file its path, and no row of it."""
        return vars(self) | {"X": None, "y": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Map the files again."""
        vars(self).update(state)
        self.X, self.y = (one.mapped() if isinstance(one, Mapped) else one for one in self._at)

    def bounds(self, usual: int, most: int) -> list[int]:
        """Blocks of so many rows; of an array in chunks a whole number of those, where they fit."""
        chunk = int((getattr(self.X, "chunks", None) or (1,))[0])
        step = max(usual // chunk, 1) * chunk if 1 < chunk <= most else usual
        return [*range(0, self.n_rows, step), self.n_rows]

    def place(self, row: int) -> str:
        """Tell a row, and the file that it lies in."""
        path = getattr(self.X, "filename", None)
        return super().place(row) + (f" of {Path(path).name}" if isinstance(path, str | Path) else "")


def _rows(array: Any, start: int, stop: int) -> Any:
    """A range of rows, a copy of those of an array in memory, which may change."""
    if isinstance(array, Mapped):
        return array.read(start, stop)
    rows = array[start:stop]
    return rows.copy() if isinstance(array, np.ndarray) else rows


def _check_array(name: str, array: Any, dimensions: tuple[int, ...]) -> None:
    """Refuse what is no array of numbers in rows."""
    if not isinstance(getattr(array, "dtype", None), np.dtype) or hasattr(array, "tocsr"):
        raise InvalidValue(
            f"{name} must be a dense array whose rows can be sliced, got a {type(array).__name__}. Pass a NumPy "
            f"array: {name}.toarray() of a sparse matrix, {name}.to_numpy() of a frame."
        )
    if len(array.shape) not in dimensions:
        wanted = "two dimensions" if dimensions == (2,) else "one dimension or two"
        raise InvalidValue(f"{name} must have {wanted}, got shape {tuple(array.shape)}.")
    if array.shape[0] == 0:
        raise InvalidValue(f"{name} has no rows.")
    if name == "X" and array.dtype.kind not in "fiub":
        raise InvalidValue(f"X must hold real numbers, got dtype {array.dtype}.")
    if array.dtype.kind not in "fiubUSO":  # objects are texts, or refused by their row
        raise InvalidValue(f"y must hold numbers or texts, got dtype {array.dtype}.")


def _told(array: Any, at: Any) -> str:
    """Tell an array by its place in a file, by the numbers that it has in memory, or by some of a store's rows."""
    if isinstance(at, np.ndarray):
        changed = str(checksum(at))
    elif isinstance(at, Mapped):
        path = Path(at.path)
        there = f"{path.stat().st_mtime_ns} {path.stat().st_size}" if path.exists() else "gone"
        changed = f"{path.resolve()} {there} {at.offset}"
    else:
        changed = f"{getattr(array, 'store_path', '')} {_sample(array)}"  # zarr's path
    return f"{changed} {array.dtype} {tuple(array.shape)}"


def _sample(array: Any) -> int:
    """CRC-32 of rows that lie apart, the first and the last among them: to read a whole store would take too long."""
    found = 0
    for row in np.unique(np.linspace(0, array.shape[0] - 1, SAMPLE).astype(np.int64)).tolist():
        found = checksum(np.asarray(array[row : row + 1]), found)
    return found
