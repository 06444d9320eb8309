"""The .npy format, alone or inside an .npz: its header read by NumPy, its data no further than the header promises."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.lib import format as npy_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

LARGEST_HEADER = 10_000  # characters, NumPy's own bound for what it parses from strangers
# All that zipfile raises on bytes that are no archive
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)


class Header(NamedTuple):
    """What an .npy file says of its array, how many bytes that took, and the data that was read along with it."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool
    n_bytes: int
    begun: bytes

    @property
    def n_data(self) -> int:
        """The bytes of data it promises."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(entry: IO[bytes]) -> Header:
    """Read a header, or raise the ValueError that says what is wrong with it; nothing in it is run.

    >>> file = io.BytesIO()
    >>> np.save(file, np.ones((2, 3)))
    >>> _ = file.seek(0)
    >>> header = read_header(file)
    >>> header.shape, str(header.dtype), header.n_data
    ((2, 3), 'float64', 48)
    """
    start = io.BytesIO(entry.read(LARGEST_HEADER + 12))  # so that a header that claims gigabytes gets none
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 2's integers, and whatever a text makes Python say
            shape, fortran_order, dtype = _parsed(start)
    except Exception as error:  # a parser of foreign bytes: what it raises on damaged ones has no end
        raise ValueError(str(error).splitlines()[0] if str(error) else type(error).__name__) from None
    if any(isinstance(length, bool) or length < 0 for length in shape):
        raise ValueError(f"shape is not valid: {shape}")
    n_bytes = start.tell()
    return Header(dtype, shape, fortran_order, n_bytes, start.read())


def _parsed(start: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy_format.read_magic(start)
    if version not in {(1, 0), (2, 0)}:  # 3.0 is for names of fields that are not Latin
        raise ValueError(f"version {version} of the .npy format")
    read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    found: tuple[tuple[int, ...], bool, np.dtype[Any]] = read(start, max_header_size=LARGEST_HEADER)
    return found


def read_data(entry: IO[bytes], header: Header) -> npt.NDArray[Any] | int:
    """Read the array that a header promises, read-only; where other than its bytes follow, return how many do.

    One byte too many is enough to know, and no more are read.
    """
    data = header.begun + read_at_most(entry, header.n_data + 1 - len(header.begun))
    if len(data) != header.n_data:
        return len(data)
    array = np.frombuffer(data, header.dtype) if data else np.empty(0, header.dtype)
    if header.fortran_order:
        return array.reshape(header.shape[::-1]).T
    return array.reshape(header.shape)


def read_at_most(entry: IO[bytes], most_bytes: int) -> bytes:
    """Read at most so many bytes, a mebibyte at a time, so that memory follows what is really there."""
    return b"".join(_chunks(entry, most_bytes))


def _chunks(entry: IO[bytes], most_bytes: int) -> Iterator[bytes]:
    left = most_bytes
    while left > 0 and (chunk := entry.read(min(left, 1 << 20))):
        left -= len(chunk)
        yield chunk
