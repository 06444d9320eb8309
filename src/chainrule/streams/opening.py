"""Opening: which kind of source something is, and how much memory its window may take."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.streams.array_source import ArraySource, mapped_npy
from chainrule.streams.batches_source import BatchesSource
from chainrule.streams.dask_source import DaskSource
from chainrule.streams.parquet_source import ParquetSource
from chainrule.streams.stream import Stream, is_dask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.streams.source import Source

FOREIGN = {  # by how files begin that are no parquet files
    b"PK\x03\x04": "an archive of arrays, of which no rows can be read alone: save each by np.save as .npy, or load "
    "it, np.load(path)['X']",
    b"\x89HDF": "an HDF5 file: open it with h5py, and pass its arrays, stream(file['X'], file['y'])",
    b"\x93NUM": "an .npy file of another name: let it end in .npy",
}
ZARR = ("zarr.json", ".zarray", ".zgroup")
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
MEMORY = "256 MB"
PARQUET = b"PAR1"


def stream(X: Any, y: Any = None, *, columns: Sequence[str] | None = None, memory: int | str = MEMORY) -> Stream:
    """Open data that need not fit into memory; ``fit`` and ``train`` read it a window at a time.

    Parameters
    ----------
    X : path, array, Dask collection, or iterable
        A parquet file or a folder of them; an .npy file, or an array whose rows can be sliced, such as a memory-mapped
        one (``np.load("X.npy", mmap_mode="r")``) or one of zarr; a Dask array or data frame; or anything that yields
        pairs (X, y) each time it is iterated over.
    y : str, list of str, path, or array
        The columns of a parquet file's or a frame's targets, or their array or .npy file; left out where X yields
        pairs.
    columns : list of str, optional
        The features of a file, all other columns if it is left out.
    memory : int or str
        Bytes that the windows may take together, such as ``"256 MB"`` or ``"1 GiB"``.

    Returns
    -------
    Stream

    Raises
    ------
    InvalidValue
        Where X is none of these, or y or ``memory`` cannot be used.
    InvalidFile
        Where a file is missing, cut short, or has other columns than the first.
    MissingLibrary
        Where a parquet file is given and pyarrow is not installed.

    Examples
    --------
    >>> X, y = np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 0])
    >>> stream(X, y, memory="1 MB")
    Stream of 4 rows × 2 features (array)
    """
    bytes_of_memory = as_bytes(memory)
    if columns is not None and (_is_npy(X) or not isinstance(X, str | Path)):
        raise InvalidValue("columns= chooses the columns of a parquet file; of anything else take those you want.")
    return Stream(_source(X, y, columns), bytes_of_memory)


def _source(X: Any, y: Any, columns: Sequence[str] | None) -> Source:
    if _is_npy(X):
        X = mapped_npy(X)
    if _is_npy(y):
        y = mapped_npy(y)
    if isinstance(X, str | Path):
        _refuse_foreign(Path(X))
        if not isinstance(y, str | list | tuple):
            raise InvalidValue(f"y must name the column of the targets in {X}, got a {type(y).__name__}.")
        return ParquetSource(X, y, _distinct(columns, [y] if isinstance(y, str) else y))
    if is_dask(X):
        return DaskSource(X, y)
    if isinstance(y, str | Path):
        raise InvalidValue(
            f"y={str(y)!r} names a column, and a {type(X).__name__} has none: pass y as an array, or as the path of "
            "an .npy file."
        )
    if y is None and hasattr(X, "__iter__") and not hasattr(X, "shape"):
        return BatchesSource(X)
    if y is None:
        raise InvalidValue("y is missing: pass the targets beside X.")
    return ArraySource(X, y if isinstance(getattr(y, "dtype", None), np.dtype) else np.asarray(y))


def _refuse_foreign(path: Path) -> None:
    """Refuse a file that is no parquet file by how it begins, and say how its rows can be had."""
    if path.is_dir() and any((path / name).exists() for name in ZARR):
        raise InvalidFile(
            f"{path} is a zarr store: pass its arrays, stream(zarr.open(path)['X'], zarr.open(path)['y'])."
        )
    if not path.is_file():  # a folder, or missing
        return
    with path.open("rb") as file:
        begin = file.read(4)
    if begin != PARQUET:
        kind = "no parquet file, nor .npy: write it as one of them, or load it and pass arrays"
        raise InvalidFile(f"{path} is {FOREIGN.get(begin, kind)}.")


def _distinct(columns: Sequence[str] | None, targets: Sequence[str]) -> Sequence[str] | None:
    """Return columns= unless it is a single text, or names a column twice or one of the targets."""
    if isinstance(columns, str):
        raise InvalidValue(f"columns must be a list of names, got a text. Use columns=[{columns!r}].")
    if not targets:
        raise InvalidValue("y names no column: name that of the targets.")
    twice = [name for name, number in Counter([*(columns or ()), *targets]).items() if number > 1]
    if twice:
        raise InvalidValue(f"The column {twice[0]!r} is named twice in columns= and y: each can be used once.")
    return columns


def _is_npy(thing: Any) -> bool:
    return isinstance(thing, str | Path) and Path(thing).suffix.lower() == ".npy"


def as_bytes(memory: int | str) -> int:
    """Return a size in bytes.

    >>> as_bytes("256 MB"), as_bytes("1 GiB"), as_bytes(1000)
    (256000000, 1073741824, 1000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", str(memory).lower())
    unit = None if found is None else UNITS.get(found[2].upper())
    if found is None or unit is None or isinstance(memory, bool) or (size := int(float(found[1]) * unit)) < 1:
        raise InvalidValue(f'memory must be a size such as "256 MB" or "1 GiB", or a number of bytes, got {memory!r}.')
    return size
