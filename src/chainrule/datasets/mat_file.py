"""MATLAB's files: one matrix per class as S1 has them, in several .mat files or in one, or an X with its T."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.datasets.reading_process import Variable, read_variables
from chainrule.datasets.tabular import Table, as_matrix, make_table, numbered_names
from chainrule.errors import DoubtfulData, InvalidFile, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Matrices: TypeAlias = "dict[str, npt.NDArray[Any]]"

MATRICES = {"X": "a matrix of real numbers, (n, n_features)", "T": "a column of numbers or of words, (n, 1)"}
# Names of inputs and targets, of what is trained and tested on, which no class is called
PART = re.compile(
    r"(x|y|t|labels?|targets?|inputs?|outputs?)?(_?(train(ing)?|test(ing)?|val(id(ation)?)?))?", re.IGNORECASE
)


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
        T, or else, where it has neither, a class a matrix, in the order of their names.
    X, T
        The names of the two matrices, where one file holds both. T may be a column or a row, of numbers or of words.
        Sparse matrices are made dense.
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
        of unequal width or without rows; for X, T or a class in a form that cannot be used, as in a cell, and for
        names like Xtest that no class has; for numbers that are not finite, and for what would unpack to far more
        than it is.
    InvalidValue
        For fewer than two files in a sequence, or regression without X and T.

    Warns
    -----
    DoubtfulData
        Where text, or a cell or struct without a matrix in it, is left out beside the classes.

    Notes
    -----
    S1's data: one matrix per class. The files are read in a process of their own, because SciPy's reader can end on a
    damaged one; that costs its start, once a call.

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
        names = _class_names(files)
        held = read_variables(list(names.values()))
        return _stacked(files, {name: _only_matrix(names[name], one) for name, one in zip(names, held, strict=True)})
    file = Path(path)
    [variables] = read_variables([file])
    known = {variable.name: variable for variable in variables}
    if X in known or T in known or (X, T) != ("X", "T"):
        inputs, targets = _chosen(file, known, X, T)
        return make_table(file, inputs, targets, regression=regression)
    matrices = _class_matrices(file, variables)
    _check_classes(file, regression)
    return _stacked(file, {name: matrices[name] for name in sorted(matrices, key=_natural)})


def _chosen(file: Path, known: Mapping[str, Variable], X: str, T: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return X and T, or raise the sentence about the one that is missing or in a form that cannot be used."""
    for name, option in ((X, "X"), (T, "T")):
        if name not in known:
            raise InvalidFile(
                f"{file} holds no {name!r}. It holds: {_listed(known.values())}. Choose with X=… and T=…."
            )
        one = known[name]
        if one.array is None or not (one.is_matrix or option == "T"):
            raise InvalidFile(f"{file}: {name} is {_told(one)}. Save it as {MATRICES[option]}.")
    inputs, targets = known[X].array, known[T].array
    assert inputs is not None  # noqa: S101  # as said above
    assert targets is not None  # noqa: S101
    return inputs, targets


def _class_matrices(file: Path, variables: Sequence[Variable]) -> Matrices:
    """Return the matrices of a file that holds one a class, and say what else there is."""
    parts = [one.name for one in variables if PART.fullmatch(one.name) and one.holds_numbers]
    if parts:
        raise InvalidFile(
            f"{file}: {', '.join(parts)} {'is' if len(parts) == 1 else 'are'} called like inputs, targets or a part of"
            f" them, not like a class. It holds: {_listed(variables)}. Choose with X=… and T=…, or rename the classes."
        )
    matrices = _matrices(file, variables)
    if len(matrices) < 2:
        raise InvalidFile(
            f"{file} needs matrices 'X' and 'T', or one matrix per class, or name several files with one each."
            f" It holds: {_listed(variables)}."
        )
    _name_left_out(file, variables)
    return matrices


def _only_matrix(file: Path, variables: Sequence[Variable]) -> npt.NDArray[Any]:
    """Return the one matrix of a class's file, and say what else there is."""
    matrices = _matrices(file, variables)
    if len(matrices) != 1:
        raise InvalidFile(f"{file} must hold the one matrix of its class. It holds: {_listed(variables)}.")
    _name_left_out(file, variables)
    return next(iter(matrices.values()))


def _matrices(file: Path, variables: Sequence[Variable]) -> Matrices:
    """Return the matrices, or raise the sentence about what may be a class in a form that cannot be used."""
    for one in variables:
        if one.holds_numbers and not one.is_matrix:
            raise InvalidFile(
                f"{file}: {one.name} is {_told(one)}, and may hold a class. Save it as {MATRICES['X']}, or without it."
            )
    return {one.name: one.array for one in variables if one.array is not None and one.is_matrix}


def _name_left_out(file: Path, variables: Sequence[Variable]) -> None:
    """Say which variables are no class."""
    left_out = [f"{one.name} ({one.form})" for one in variables if not one.is_matrix]
    if left_out:
        listed = ", ".join(left_out[:10])
        warnings.warn(f"{file}: left out, as no matrix of numbers: {listed}.", DoubtfulData, stacklevel=4)


def _told(one: Variable) -> str:
    return f"{one.form} of shape {one.shape}"


def _listed(variables: Iterable[Variable]) -> str:
    """The names of the first ten variables, with what they are unless they are matrices."""
    told = [one.name if one.is_matrix else f"{one.name} ({one.form})" for one in variables]
    return ", ".join(told[:10]) or "nothing"


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


def _natural(name: str) -> list[tuple[int, str]]:
    """The order of names in which class10 follows class9."""
    return [(int(digits or 0), text) for text, digits in re.findall(r"(\D*)(\d{0,18})", name)]
