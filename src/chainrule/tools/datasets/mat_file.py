"""MATLAB's files: one matrix per class as S1 has them, in several .mat files or in one, or an X with its T."""

from __future__ import annotations

import io
import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.tools.datasets.bounds import check_unpacked, file_size, unreadable
from chainrule.tools.datasets.table import Table, as_matrix, make_table, numbered_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Matrices: TypeAlias = "dict[str, npt.NDArray[Any]]"

HEADER = 128  # bytes before the first variable
COMPRESSED = 15  # the tag of a variable that zlib has packed
HDF5 = b"\x89HDF\r\n\x1a\n"
NUMERIC = re.compile(r"double|single|logical|u?int(8|16|32|64)")


def load_mat(
    path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    X: str = "X",
    T: str = "T",
    regression: bool = False,
) -> Table:
    """Read MATLAB matrices: one per class, (n_k, n_features), or X (n, n_features) with its T (n,).

    Parameters
    ----------
    path
        Several files hold one matrix each, whatever its name: a class a file, in this order. One file holds X and
        T, or else a class a matrix, in the order of their names.
    X, T
        The names of the two matrices, where one file holds both. T may be a column or a row.
    regression
        Whether T holds numbers to predict. Otherwise it holds classes, and so do matrices without a T.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names x1, x2, …, class_names. T indexes the classes, which are called
        like their files, their matrices, or their numbers in T.

    Raises
    ------
    InvalidFile
        For a file that is missing, no .mat, damaged or saved with -v7.3; for matrices that are missing, too many,
        of unequal width or without rows; for numbers that are not finite, and for what would unpack to far more
        than it is.
    InvalidValue
        For fewer than two files in a sequence, or regression without X and T.

    Notes
    -----
    S1's data: one matrix per class. Text, cells and structs beside the matrices are left alone.

    Examples
    --------
    >>> import tempfile
    >>> from scipy.io import savemat
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     savemat(f"{folder}/class1.mat", {"A": [[1.0, 2.0], [3.0, 4.0]]})
    ...     savemat(f"{folder}/class2.mat", {"B": [[5.0, 6.0]]})
    ...     table = load_mat([f"{folder}/class1.mat", f"{folder}/class2.mat"])
    >>> table.X[:, 0], table.T, table.class_names
    (array([1., 3., 5.]), array([0, 0, 1]), ('class1', 'class2'))
    """
    if not isinstance(path, str | os.PathLike):
        files = [Path(one) for one in path]
        if len(files) < 2:
            raise InvalidValue(f"A sequence of .mat files holds a class a file: name at least 2, got {len(files)}.")
        _check_classes(files, regression)
        return _stacked(files, {name: _only_matrix(file) for name, file in _class_names(files).items()})
    file = Path(path)
    matrices = _read_matrices(file)
    if X in matrices and T in matrices:
        return make_table(file, matrices[X], matrices[T], regression=regression)
    if len(matrices) < 2 or (X, T) != ("X", "T"):
        held = ", ".join(list(matrices)[:10]) or "no matrix of numbers"
        raise InvalidFile(
            f"{file} needs matrices {X!r} and {T!r}, or one matrix per class, or name several files with one each."
            f" It holds: {held}."
        )
    _check_classes(file, regression)
    return _stacked(file, {name: matrices[name] for name in sorted(matrices, key=_natural)})


def _check_classes(where: object, regression: bool) -> None:
    """Raise the sentence about numbers to predict where there are only classes."""
    if regression:
        where = where if isinstance(where, Path) else "A sequence of files"
        raise InvalidValue(f"Cannot use regression=True: {where} holds a matrix per class. Save X and T in one file.")


def _stacked(where: object, matrices: Mapping[str, npt.NDArray[Any]]) -> Table:
    """Stack the matrices of the classes, and number their rows by class."""
    place = f"{where}" if isinstance(where, Path) else "The files"
    parts = {name: as_matrix(place, name, matrix) for name, matrix in matrices.items()}
    widths = {name: part.shape[1] for name, part in parts.items()}
    if len(set(widths.values())) > 1:
        listed = ", ".join(f"{name} {parts[name].shape}" for name in list(parts)[:10])
        raise InvalidFile(
            f"{place}: all classes need the same number of columns, got {listed}. Save (n, n_features) matrices of"
            " the classes alone, or choose two of them with X=… and T=…."
        )
    sizes = [len(part) for part in parts.values()]
    X = np.concatenate(list(parts.values()))  # (n, n_features)
    return Table(X, np.repeat(np.arange(len(sizes)), sizes), numbered_names(X.shape[1]), tuple(parts))


def _class_names(files: Sequence[Path]) -> dict[str, Path]:
    """Name each file's class by the file, by its whole path if two files have one name."""
    for named in ({file.stem: file for file in files}, {str(file): file for file in files}):
        if len(named) == len(files):
            return named
    raise InvalidValue("Each file is one class, but one of them is named twice. Name each once.")


def _only_matrix(file: Path) -> npt.NDArray[Any]:
    """Return the one matrix of a file."""
    matrices = _read_matrices(file)
    if len(matrices) != 1:
        held = ", ".join(list(matrices)[:10]) or "no matrix of numbers"
        raise InvalidFile(f"{file} must hold the one matrix of its class. It holds: {held}.")
    return next(iter(matrices.values()))


def _read_matrices(file: Path) -> Matrices:
    """Read the matrices of real numbers; text, cells, structs, sparse and complex ones are left out."""
    from scipy.io import loadmat, whosmat  # noqa: PLC0415 - importing chainrule does not load SciPy

    content = _content(file)
    try:
        held = whosmat(io.BytesIO(content))
        names = [name for name, shape, kind in held if NUMERIC.fullmatch(kind) and len(shape) == 2]
        # From memory and by name, so that no more is ever allocated than there are bytes to fill it
        variables = loadmat(io.BytesIO(content), variable_names=names) if names else {}
    except Exception:  # a parser of foreign bytes: what it raises on damaged ones has no end
        raise InvalidFile(f"{file} is damaged, cut short, or no .mat file. Save it again with -v7.") from None
    return {name: variables[name] for name in names}


def _content(file: Path) -> bytes:
    """Return the file's bytes, once they are known to be of a kind that can be read in bounded memory."""
    size = file_size(file)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from None
    if content.startswith((b"MATLAB 7.3", HDF5)) or content[512 : 512 + len(HDF5)] == HDF5:
        raise InvalidFile(f"{file} is in MATLAB's format 7.3. Save it again with -v7: save('{file.name}', ..., '-v7').")
    check_unpacked(file, size, sum(_unpacked_sizes(content)))
    return content


def _unpacked_sizes(content: bytes) -> Iterator[int]:
    """How many bytes each compressed variable really unpacks to, counted and not kept; a v4 file has none."""
    if content[126:128] not in (b"IM", b"MI"):
        return
    order = "little" if content[126:128] == b"IM" else "big"
    start = HEADER
    while start + 8 <= len(content):
        tag = int.from_bytes(content[start : start + 4], order)  # type: ignore[arg-type]
        n_bytes = int.from_bytes(content[start + 4 : start + 8], order)  # type: ignore[arg-type]
        if n_bytes == 0:
            return
        if tag == COMPRESSED:
            yield _unpacked_size(content[start + 8 : start + 8 + n_bytes])
        start += 8 + n_bytes


def _unpacked_size(packed: bytes) -> int:
    """Count what zlib unpacks, a mebibyte at a time; damage is left to who reads it."""
    unpack, n_bytes = zlib.decompressobj(), 0
    try:
        while not unpack.eof and (chunk := unpack.decompress(packed, 1 << 20)):
            n_bytes, packed = n_bytes + len(chunk), unpack.unconsumed_tail
    except zlib.error:
        pass
    return n_bytes


def _natural(name: str) -> list[tuple[int, str]]:
    """The order of names in which class10 follows class9."""
    return [(int(digits or 0), text) for text, digits in re.findall(r"(\D*)(\d{0,18})", name)]
