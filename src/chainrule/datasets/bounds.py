"""Bounds: what a file claims to hold is held against the bytes there are, before memory is spent on it."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from chainrule.errors import InvalidFile
from chainrule.files.regular import open_regular, size_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

ALWAYS_FINE = 1 << 30  # bytes that any file may unpack to, as the float64 numbers it becomes
# Beyond those, how many times its own size; tables of numbers shrink to a tenth, hardly to a hundredth
MOST_TIMES = 100
LARGEST_TEXT = 1 << 30  # bytes of text; in Parquet the same numbers are a tenth


@contextmanager
def open_data(path: str | os.PathLike[str]) -> Iterator[tuple[IO[bytes], int]]:
    """Yield a regular file that is not empty, and its size, as :func:`open_regular` does."""
    with open_regular(path) as file:
        size = size_of(file)
        if size == 0:
            raise InvalidFile(f"{path} is empty.")
        yield file, size


def most_bytes(size: int) -> int:
    """How many bytes of numbers a file of so many bytes may become."""
    return max(ALWAYS_FINE, MOST_TIMES * size)


def as_float64(shape: Iterable[int], itemsize: int) -> int:
    """How many bytes an array takes as it is, or as the float64 it becomes, whichever is more."""
    return math.prod(shape) * max(itemsize, 8)


def check_unpacked(path: object, size: int, n_bytes: int) -> None:
    """Raise the sentence about a file of ``size`` bytes that would unpack to unbelievably many."""
    if n_bytes > most_bytes(size):
        raise InvalidFile(
            f"{path} has {size} bytes and would unpack to {n_bytes}: it is damaged, or made to fill the memory."
        )
