"""Sources: rows of X and y that lie somewhere, read a range at a time; nothing of them is kept."""

from __future__ import annotations

import numbers
from abc import ABC, abstractmethod
from decimal import Decimal
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import masked_places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt


ROWS = 4096  # that a checksum reads at once


class Source(ABC):
    """Rows of X and y: how many, which features, and what reads a range of them.

    A source holds paths and numbers, no rows: it can be pickled, and read in another process.

    Attributes
    ----------
    n_rows : int
    n_features : int
    names : tuple of str, or None
        What the features are called, where they are called anything.
    dtype : numpy.dtype
        Of X: float32 where all features are, else float64.
    row_bytes : int
        What a row of X and y takes in memory.
    is_sequential : bool
        Whether rows are read in order alone, from the first on.
    """

    n_rows: int
    n_features: int
    names: tuple[str, ...] | None = None
    dtype: np.dtype[Any]
    row_bytes: int
    is_sequential: bool = False

    @property
    @abstractmethod
    def parts(self) -> Sequence[str]:
        """What tells the data: the files, their sizes and times of change, or the numbers of arrays, all or some."""

    @abstractmethod
    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return X (n, n_features) in ``dtype`` and y of the rows from ``start`` to before ``stop``, unchecked."""

    def read_targets(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return y alone, where that is cheaper."""
        return self.read(start, stop)[1]

    def bounds(self, usual: int, most: int) -> list[int]:  # noqa: ARG002  # of sources that are read in pieces
        """Where blocks of about ``usual`` rows begin, and where the last ends: at the pieces of a source that has any.

        Raises
        ------
        InvalidValue
            Where a piece that is read at once has more than ``most`` rows.
        """
        return [*range(0, self.n_rows, usual), self.n_rows]

    def place(self, row: int) -> str:
        """Tell a row as its owner finds it."""
        return f"row {row}"

    def fingerprint(self) -> str:
        """Tell these data from others, by what they are made of: their files, some of their rows, or all of them."""
        told = "\n".join([*self.parts, str(self.n_rows), str(self.n_features), str(self.dtype)])
        return blake2b(told.encode(), digest_size=16).hexdigest()


def bounds_of_pieces(starts: Sequence[int], usual: int, most: int, refusal: Callable[[int, int], str]) -> list[int]:
    """Where blocks begin that are whole pieces, small ones together as long as they have no more than ``usual`` rows.

    ``refusal(k, rows)`` tells a piece that has more than ``most``.

    >>> bounds_of_pieces([0, 4, 8, 20, 22], 9, 12, "piece {}, {} rows".format)
    [0, 8, 20, 22]
    """
    bounds = [0]
    for k, (start, stop) in enumerate(pairwise(starts)):
        if stop - start > most:
            raise InvalidValue(refusal(k, stop - start))
        if stop - bounds[-1] > usual and start > bounds[-1]:
            bounds.append(start)
    return [*bounds, starts[-1]]


def checked(source: Source, start: int, X: npt.NDArray[Any], y: npt.NDArray[Any]) -> None:
    """Refuse rows of which X or y cannot be used, as :func:`check_values` does."""
    check_values(source, start, "X", X)
    check_values(source, start, "y", y)


def check_filled(name: str, values: Any) -> None:
    """Refuse masked entries: what lies under the mask would be read."""
    if len(places := masked_places(values)):
        row = places[0, 0]
        raise InvalidValue(f"{name} has masked entries, the first in row {row}: fill them, or leave their rows out.")


def check_values(source: Source, start: int, name: str, values: npt.NDArray[Any]) -> None:
    """Refuse rows of X or y that hold NaN, infinity or no text among texts, and tell the first where it lies.

    Raises
    ------
    InvalidValue
        With the row, its file and its column.
    """
    if values.dtype.kind == "O":
        wrong = np.array([not isinstance(value, str) for value in values.flat], bool).reshape(values.shape)
    elif values.dtype.kind == "f":
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(values.sum()):  # an infinite or undefined one would show
                return
        wrong = ~np.isfinite(values)
    else:
        return
    if not wrong.any():  # a sum that overflowed, and no entry
        return
    row, *column = np.argwhere(wrong)[0].tolist()
    where = ", ".join([source.place(start + row), *([_column(source, name, column)] if column else [])])
    needed = "Labels must all be texts" if values.dtype.kind == "O" else "Numbers must be finite"
    raise InvalidValue(f"{name} has {values[(row, *column)]} in {where}. {needed}: fill it, or leave the row out.")


def _column(source: Source, name: str, column: list[int]) -> str:
    """Tell a column by its name, else by its number."""
    number = column[0]
    return f"column {source.names[number]!r}" if name == "X" and source.names is not None else f"column {number}"


def first_line(error: BaseException) -> str:
    """The first line of what another library says, as a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".") + "."


def float_dtype(dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """In which dtype X is read: float32 where all features are float32 or float16, else float64.

    >>> str(float_dtype([np.dtype("float32"), np.dtype("int8")]))
    'float64'
    """
    small = all(dtype.kind == "f" and dtype.itemsize <= 4 for dtype in dtypes)
    return np.dtype(np.float32 if small else np.float64)


def checksum(rows: npt.NDArray[Any], found: int = 0) -> int:
    """CRC-32 of the numbers, or texts, of an array, some rows at a time, after what was found before.

    >>> checksum(np.arange(3)) == checksum(np.arange(3)), checksum(np.arange(3)) == checksum(np.arange(1, 4))
    (True, False)
    """
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        found = crc32(repr(some.tolist()).encode() if some.dtype.kind == "O" else some.tobytes(), found)
    return found


def plain_targets(y: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return numbers that lie in an array of objects, decimals among them, as numbers; all else as it is.

    >>> plain_targets(np.array([Decimal("0.5"), 2], object))
    array([0.5, 2. ])
    """
    values = y.ravel().tolist() if y.dtype.kind == "O" else []
    if values and isinstance(values[0], str):
        return y
    is_number = [isinstance(value, numbers.Real | Decimal) for value in values]
    if not any(is_number) or not all(is_it or value is None for is_it, value in zip(is_number, values, strict=True)):
        return y
    found = np.array(values)
    return (found if found.dtype.kind in "fiub" else found.astype(np.float64)).reshape(y.shape)
