"""The rows that validate: read once, and kept in memory or, where they take more of it than a share, in a file."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.streams.windows import Windows

KEPT_SHARE = 4  # validation rows of more than a fourth of the memory lie in a temporary file


def validation_rows(windows: Windows, memory: int) -> tuple[Array, Array]:
    """Read the rows that validate once; where they take more than a share of the memory, they lie in a temporary file.

    Raises
    ------
    InvalidValue
        Where fewer than two rows validate, or none trains.
    InvalidFile
        Where the disk has no room for them.
    """
    held_out = windows.held_out
    assert held_out is not None, "Asked for where there are any."  # noqa: S101
    n_rows = sum(int(held_out(np.arange(start, stop)).sum()) for start, stop in windows.blocks)
    if n_rows < 2 or n_rows == windows.source.n_rows:
        raise InvalidValue(
            f"The validation set has {n_rows} of {windows.source.n_rows} rows. Hold out another share, or pass rows "
            "that validate."
        )
    X: Array | None = None
    targets, end = [], 0
    for window in windows.validating():
        if X is None:
            X = room_for((n_rows, window.X.shape[1]), window.X.dtype, memory // KEPT_SHARE)
        begin, end = end, end + len(window)
        X[begin:end] = window.X
        targets.append(window.y)
    return cast("Array", X), np.concatenate(targets)


def room_for(shape: tuple[int, ...], dtype: Any, most: int) -> Array:
    """Return an array in memory, or in a temporary file where it takes more bytes than that."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size <= most:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile(prefix="chainrule-validation-") as file:  # its map keeps it
        try:
            reserve(file.fileno(), size)
        except OSError as error:
            raise InvalidFile(
                f"The validation rows take {size / 1e6:.0f} MB in {tempfile.gettempdir()}, and there is no room: "
                f"{error.strerror}. Set TMPDIR to a larger disk, give more memory, or hold out fewer."
            ) from error
        return np.memmap(file, dtype, "r+", shape=shape)


def reserve(descriptor: int, size: int) -> None:
    """Take room on the disk before a file is mapped: a page that finds none later would end the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    zeros = bytes(2**20)
    for begin in range(0, size, len(zeros)):
        os.write(descriptor, zeros[: size - begin])
