"""Bounds: what a file claims to hold is held against the bytes there are, before memory is spent on it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

ALWAYS_FINE = 1 << 30  # bytes that any file may unpack to
MOST_TIMES = (
    100  # beyond those, how many times its own size; tables of numbers shrink to a tenth, hardly to a hundredth
)


def file_size(path: Path) -> int:
    """Return how many bytes an ordinary file has, or raise the sentence about what it is instead."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InvalidFile(f"There is no file {path}. Check its name and its folder.") from None
    except OSError as error:
        raise unreadable(path, error) from None
    if stat.S_ISDIR(found.st_mode):
        raise InvalidFile(f"{path} is a directory. Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InvalidFile(f"{path} is a device or a pipe. Save the data in a file.")
    if found.st_size == 0:
        raise InvalidFile(f"{path} is empty.")
    return found.st_size


def unreadable(path: Path, error: OSError) -> InvalidFile:
    """Return the error for a file that is there and cannot be read."""
    return InvalidFile(f"Cannot read {path}: {error.strerror or error}.")


def check_unpacked(path: Path, size: int, n_bytes: int) -> None:
    """Raise the sentence about a file of ``size`` bytes that would unpack to unbelievably many."""
    if n_bytes > max(ALWAYS_FINE, MOST_TIMES * size):
        raise InvalidFile(
            f"{path} has {size} bytes and would unpack to {n_bytes}: it is damaged, or made to fill the memory."
        )


def read_at_most(entry: IO[bytes], most_bytes: int) -> bytes:
    """Read at most so many bytes, a mebibyte at a time, so that memory follows what is really there."""
    return b"".join(_chunks(entry, most_bytes))


def _chunks(entry: IO[bytes], most_bytes: int) -> Iterator[bytes]:
    left = most_bytes
    while left > 0 and (chunk := entry.read(min(left, 1 << 20))):
        left -= len(chunk)
        yield chunk
