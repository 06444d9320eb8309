"""The table: what every kind of file becomes, X and T in clean arrays, or a sentence about what is not clean."""

from __future__ import annotations

import numbers
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chainrule.datasets.classes import Numbered, label_problem, number_classes, number_words
from chainrule.errors import InvalidFile, InvalidValue, unknown_name
from chainrule.network.inputs import as_array

if TYPE_CHECKING:
    from collections.abc import Sequence

POSITION = re.compile(r"-?[0-9]{1,9}")


class Table(NamedTuple):
    """What a file holds; for regression T holds the numbers themselves and there are no class names.

    Attributes
    ----------
    X : array (n, n_features)
    T : array (n,)
        The numbers of the classes, which index ``class_names``.
    feature_names : tuple of str
        One a column of X.
    class_names : tuple of str
        One a class.
    """

    X: npt.NDArray[np.float64]
    T: npt.NDArray[np.intp] | npt.NDArray[np.float64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


def make_table(where: object, X: npt.NDArray[Any], T: npt.NDArray[Any], *, regression: bool) -> Table:
    """Return the table of two arrays out of a file, or raise the sentence about what is wrong with them."""
    inputs = as_matrix(where, "X", X)
    targets = _as_column(where, T, len(inputs))
    names = numbered_names(inputs.shape[1])
    if regression:
        return Table(inputs, as_numbers(where, "T", targets), names, ())
    labels, class_names = _classes(where, targets)
    return Table(inputs, labels, names, class_names)


def numbered_names(n_features: int) -> tuple[str, ...]:
    """The names of features that have none: x1, x2 and so on."""
    return tuple(f"x{j}" for j in range(1, n_features + 1))


def as_matrix(where: object, name: str, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return an array out of a file as finite numbers (n, n_features), neither of them 0."""
    if values.ndim != 2 or values.shape[1] == 0:
        hint = " Save it as (n, 1) if there is one feature." if values.ndim == 1 else ""
        raise InvalidFile(f"{where}: {name} must have shape (n, n_features), got {values.shape}.{hint}")
    if len(values) == 0:
        raise InvalidFile(f"{where}: {name} has no rows.")
    return as_numbers(where, name, values)


def as_numbers(where: object, name: str, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return an array out of a file as float64, or raise the sentence about what is no finite number."""
    try:
        array = as_array(name, values, np.float64)
    except InvalidValue:
        raise InvalidFile(f"{where}: {name} must hold real numbers, got dtype {values.dtype}.") from None
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = ", ".join(f"{axis} {i}" for axis, i in zip(("row", "column"), wrong[0].tolist(), strict=False))
        raise InvalidFile(
            f"{where}: {name} holds {array[tuple(wrong[0])]} at {place}, counted from 0. Replace it or remove the row."
        )
    return np.require(array, np.float64, ["C", "W"])  # the caller's own, not a view of the file's bytes


def target_column(target: str | int | None, names: Sequence[str] | None, n_columns: int) -> int:
    """Return the target's column, counted from 0: None is the last, and a name comes before a position.

    >>> target_column("1", ["1", "2", "3"], 3), target_column("1", None, 3), target_column(-1, ["a", "b"], 2)
    (0, 1, 1)
    """
    if target is None:
        return n_columns - 1
    if isinstance(target, str):
        if names is not None and target in names:
            return list(names).index(target)
        if not POSITION.fullmatch(target):
            raise unknown_name("target", target, names or [])
        if -n_columns <= int(target) < n_columns:
            return int(target) % n_columns
    elif isinstance(target, numbers.Integral) and not isinstance(target, bool) and -n_columns <= target < n_columns:
        return int(target) % n_columns
    raise InvalidValue(
        f"target must be a column's name or its index from {-n_columns} to {n_columns - 1}, got {target!r}."
    )


def _classes(where: object, labels: npt.NDArray[Any]) -> Numbered:
    """Number the classes of labels (n,) out of an array, numbers or words."""
    if labels.dtype.kind == "U":
        return number_words(where, _checked_words(where, labels))
    if labels.dtype.kind == "f":
        labels = as_numbers(where, "T", labels)
    elif labels.dtype.kind not in "biu":
        raise InvalidFile(f"{where}: T must hold numbers or words, got dtype {labels.dtype}.")
    return number_classes(where, labels)


def _checked_words(where: object, words: npt.NDArray[Any]) -> list[str]:
    """Return the words without the spaces around them; an empty one, or one that marks a gap, is a gap in the data."""
    try:
        labels = [word.strip() for word in words.tolist()]
    except (ValueError, SystemError):  # NumPy's, of a code point beyond the last
        raise InvalidFile(f"{where} is damaged: T holds bytes that are not valid text.") from None
    for row, word in enumerate(labels):
        if problem := label_problem(word):
            raise InvalidFile(f"{where}: T, row {row}, counted from 0: {problem}")
    return labels


def _as_column(where: object, T: npt.NDArray[Any], n_samples: int) -> npt.NDArray[Any]:
    """Return T as (n,), one target a row of X; a single column or row will do."""
    column = T.ravel() if T.ndim == 2 and 1 in T.shape else T
    if column.ndim != 1:
        hint = " Save T.argmax(axis=1) of one-hot rows." if T.ndim == 2 and len(T) == n_samples else ""
        raise InvalidFile(f"{where}: T must have shape (n,), got {T.shape}.{hint}")
    if len(column) != n_samples:
        raise InvalidFile(f"{where}: X has {n_samples} rows and T has {len(column)}: each sample needs one target.")
    return column
