"""NumPy's files: arrays out of .npz and .npy, whose headers are matched and never evaluated, and never a pickle."""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile
from chainrule.tools.datasets.bounds import check_unpacked, file_size, read_at_most, unreadable
from chainrule.tools.datasets.table import Table, as_matrix, column_index, make_table

if TYPE_CHECKING:
    import os

    import numpy.typing as npt

MAGIC = b"\x93NUMPY"
LARGEST_PREAMBLE = 10_000  # bytes; an array of plain numbers needs a hundred
PREAMBLE = re.compile(
    rb"\{'descr': *'([<>|=]?[A-Za-z]\d{0,9})', *"
    rb"'fortran_order': *(True|False), *'shape': *\(([\dL, ]{0,200})\),? *\}\s*"
)
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)


def load_npz(path: str | os.PathLike[str], *, X: str = "X", T: str = "T", regression: bool = False) -> Table:
    """Read two arrays of an .npz file: X (n, n_features) numbers, T (n,) numbers or words.

    Parameters
    ----------
    path
        What ``np.savez`` or ``np.savez_compressed`` wrote.
    X, T
        The names of the two arrays. T may be a single column or row.
    regression
        Whether T holds numbers to predict. Otherwise it holds classes, named by numbers or words.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names x1, x2, …, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no .npz, cut short, without these arrays or without rows; for arrays of objects,
        which would be pickles; for numbers that are not finite, and for what would unpack to far more than it is.

    Notes
    -----
    S1's data, saved by a reader of one's own.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/flowers.npz", X=[[1, 2], [3, 4.5]], T=["rose", "iris"])
    ...     table = load_npz(f"{folder}/flowers.npz")
    >>> table.X, table.T, table.class_names
    (array([[1. , 2. ], [3. , 4.5]]), array([1, 0]), ('iris', 'rose'))
    """
    file = Path(path)
    size = file_size(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [_entry(file, archive, name) for name in (X, T)]
            check_unpacked(file, size, sum(entry.file_size for entry in entries))
            inputs, targets = (_unpack(file, archive, entry) for entry in entries)
    except InvalidFile:
        raise
    except OSError as error:
        raise unreadable(file, error) from None
    except ZIP_ERRORS:
        raise InvalidFile(f"{file} is damaged, cut short, or no .npz file. Save it again with np.savez.") from None
    return make_table(file, inputs, targets, regression=regression)


def load_npy(path: str | os.PathLike[str], *, target: int = -1, regression: bool = False) -> Table:
    """Read one array (n, n_features + 1) of an .npy file: numbers in every column, one of which is the target.

    Parameters
    ----------
    path
        What ``np.save`` wrote.
    target
        Index of the target's column, counted from 0, or from the end where negative.
    regression
        Whether the target is a number to predict. Otherwise it is a class.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names x1, x2, …, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no .npy, shorter or longer than it says or without rows; for an array of objects,
        which would be a pickle, and for numbers that are not finite.
    InvalidValue
        For a target that is not among the columns.

    Notes
    -----
    S1 loads its classes from files; this is for a reader's own.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/points.npy", [[0.5, 2, 1], [3, 4, 0]])
    ...     table = load_npy(f"{folder}/points.npy")
    >>> table.X, table.T, table.class_names
    (array([[0.5, 2. ], [3. , 4. ]]), array([1, 0]), ('0', '1'))
    """
    file = Path(path)
    size = file_size(file)
    try:
        with file.open("rb") as entry:
            array = _read_array(str(file), entry, size)
    except OSError as error:
        raise unreadable(file, error) from None
    values = as_matrix(file, "the array", array)
    if values.shape[1] == 1:
        raise InvalidFile(f"{file} has only one column. It needs features and a target.")
    column = column_index(target, values.shape[1])
    return make_table(file, np.delete(values, column, axis=1), values[:, column], regression=regression)


def _entry(file: Path, archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return what the archive says about an array."""
    names = [entry.removesuffix(".npy") for entry in archive.namelist()]
    if name not in names:
        held = ", ".join(names[:10]) or "nothing"
        raise InvalidFile(f"{file} holds no array {name!r}. It holds: {held}. Choose with X=… and T=….")
    entry = archive.infolist()[names.index(name)]
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InvalidFile(f"{file}: {name} is not compressed as NumPy does it. Save it again with np.savez.")
    return entry


def _unpack(file: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> npt.NDArray[Any]:
    """Read one array of the archive."""
    with archive.open(entry) as content:
        return _read_array(f"{file}, {entry.filename}", content, entry.file_size)


def _read_array(where: str, entry: IO[bytes], n_there: int) -> npt.NDArray[Any]:
    """Read an .npy file of ``n_there`` bytes, whose preamble must promise exactly the bytes that follow it."""
    dtype, fortran_order, shape, start = _read_preamble(where, entry)
    n_bytes, n_held = math.prod(shape) * dtype.itemsize, n_there - start
    data = read_at_most(entry, n_bytes + 1) if n_bytes == n_held else b""
    if len(data) != n_bytes or n_bytes != n_held:
        held = n_held if n_bytes != n_held else len(data)
        raise InvalidFile(f"{where} is cut short or damaged: it promises {n_bytes} bytes of data and holds {held}.")
    if n_bytes == 0:
        raise InvalidFile(f"{where} has no rows: its shape is {shape}.")
    array = np.frombuffer(data, dtype)
    return array.reshape(shape[::-1]).T if fortran_order else array.reshape(shape)


def _read_preamble(where: str, entry: IO[bytes]) -> tuple[np.dtype[Any], bool, tuple[int, ...], int]:
    """Read what an .npy file says of its array: dtype, order and shape, and how many bytes that took."""
    magic = entry.read(len(MAGIC) + 2)
    if magic[: len(MAGIC)] != MAGIC or len(magic) < len(MAGIC) + 2:
        raise InvalidFile(f"{where} is no .npy file. Save the array with np.save.")
    width = 2 if magic[-2] == 1 else 4  # bytes of the length, by the format's version
    length = int.from_bytes(entry.read(width), "little")
    text = entry.read(min(length, LARGEST_PREAMBLE))
    found = PREAMBLE.fullmatch(text)
    if found is None:
        raise InvalidFile(f"{where} is no array of plain numbers or words, or it is cut short. Save such an array.")
    dtype = _dtype(where, found[1].decode("latin-1"))
    shape = tuple(int(digits) for digits in re.findall(rb"\d+", found[3]))
    if len(shape) > 2:
        raise InvalidFile(f"{where} has {len(shape)} dimensions, expected 1 or 2: a sample is a row.")
    return dtype, found[2] == b"True", shape, len(magic) + width + length


def _dtype(where: str, description: str) -> np.dtype[Any]:
    """Return the dtype that a preamble names; numbers and words are read, nothing else."""
    try:
        dtype = np.dtype(description)
    except (TypeError, ValueError, OverflowError):
        raise InvalidFile(f"{where} is damaged: there is no dtype {description!r}.") from None
    if dtype.hasobject:
        raise InvalidFile(
            f"{where} holds Python objects, which are never loaded: they could run code. Save numbers or words."
        )
    if dtype.kind not in "biufU" or dtype.itemsize == 0:
        raise InvalidFile(f"{where} must hold real numbers or words, got dtype {dtype}.")
    return dtype
