"""NumPy's files: arrays out of .npz and .npy, bounded by what their headers promise, and never a pickle."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from chainrule.datasets.bounds import as_float64, check_unpacked, open_data
from chainrule.datasets.tabular import Table, as_matrix, make_table, target_column
from chainrule.errors import ChainruleError, InvalidFile
from chainrule.files.npy import ZIP_ERRORS, Header, read_data, read_header

if TYPE_CHECKING:
    import os

    import numpy.typing as npt


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
    S1's data, saved by a reader of your own.

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
    try:
        with open_data(file) as (content, size), zipfile.ZipFile(content) as archive:
            inputs, targets = _unpack(file, archive, [_entry(file, archive, name) for name in (X, T)], size)
            return make_table(file, inputs, targets, regression=regression)
    except ChainruleError:
        raise
    except ZIP_ERRORS:
        raise InvalidFile(f"{file} is damaged, cut short, or no .npz file. Save it again with np.savez.") from None


def load_npy(path: str | os.PathLike[str], *, target: str | int = -1, regression: bool = False) -> Table:
    """Read one array (n, n_features + 1) of an .npy file: numbers in every column, one of which is the target.

    Parameters
    ----------
    path
        What ``np.save`` wrote.
    target
        Index of the target's column, counted from 0, or from the end where negative; '0' is 0 too.
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
    with open_data(file) as (content, size):
        header = _header(str(file), content, size)
        check_unpacked(file, size, as_float64(header.shape, header.dtype.itemsize))
        array = _data(str(file), content, header)
        values = as_matrix(file, "the array", array)
        if values.shape[1] == 1:
            raise InvalidFile(f"{file} has only one column. It needs features and a target.")
        column = target_column(target, None, values.shape[1])
        labels = values if regression else array  # classes stay what they are, whole numbers above 2⁵³ among them
        return make_table(file, np.delete(values, column, axis=1), labels[:, column], regression=regression)


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


def _unpack(file: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> list[npt.NDArray[Any]]:
    """Read arrays of the archive, once all their headers are known to promise no more than is fine."""
    with contextlib.ExitStack() as stack:
        contents = [stack.enter_context(archive.open(entry)) for entry in entries]
        wheres = [f"{file}, {entry.filename}" for entry in entries]
        headers = [
            _header(where, content, entry.file_size)
            for where, content, entry in zip(wheres, contents, entries, strict=True)
        ]
        check_unpacked(file, size, sum(as_float64(header.shape, header.dtype.itemsize) for header in headers))
        return [_data(*parts) for parts in zip(wheres, contents, headers, strict=True)]


def _header(where: str, entry: IO[bytes], n_there: int) -> Header:
    """Read the header of an .npy file of ``n_there`` bytes, which must promise exactly the bytes that follow it."""
    try:
        header = read_header(entry)
    except ValueError as error:
        raise InvalidFile(f"{where} is no .npy file, or it is damaged: {error}. Save the array with np.save.") from None
    if header.dtype.hasobject:
        raise InvalidFile(
            f"{where} holds Python objects, which are never loaded: they could run code. Save numbers or words."
        )
    if header.dtype.kind not in "biufU" or header.dtype.itemsize == 0:
        raise InvalidFile(f"{where} must hold real numbers or words, got dtype {header.dtype}.")
    if len(header.shape) > 2:
        raise InvalidFile(f"{where} has {len(header.shape)} dimensions, expected 1 or 2: a sample is a row.")
    if header.n_data != n_there - header.n_bytes:
        raise _other_length(where, header, n_there - header.n_bytes)
    if header.n_data == 0:
        raise InvalidFile(f"{where} has no rows: its shape is {header.shape}.")
    return header


def _data(where: str, entry: IO[bytes], header: Header) -> npt.NDArray[Any]:
    """Read the array that a header promises."""
    array = read_data(entry, header)
    if isinstance(array, int):
        raise _other_length(where, header, array)
    return array


def _other_length(where: str, header: Header, held: int) -> InvalidFile:
    return InvalidFile(f"{where} is cut short or damaged: it promises {header.n_data} bytes of data and holds {held}.")
