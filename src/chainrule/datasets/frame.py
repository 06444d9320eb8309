"""Frames: named columns out of pandas, polars or pyarrow, as narwhals sees them all, made into the same table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.datasets.classes import Numbered, label_problem, number_classes, number_words
from chainrule.datasets.tabular import Table, target_column
from chainrule.errors import InvalidFile, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

PANDAS_INDEX = "__index_level_"
SLICE = 256  # cells that are made Python's at a time: each may be a text of megabytes
WORDS = ("String", "Categorical", "Enum", "Object")


def load_frame(frame: Any, *, target: str | int | None = None, regression: bool = False) -> Table:
    """Make a table of a data frame: numbers in every column, and one column that is the target.

    Parameters
    ----------
    frame
        A pandas or polars DataFrame, a pyarrow Table, or what else narwhals knows as an eager frame.
    target
        Name or index of the target's column, counted from 0, or from the end where negative; None is the last. A
        text is a name before it is an index.
    regression
        Whether the target is a number to predict. Otherwise it is a class, named by a number or a word.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a column that holds no numbers, for a gap and a number that is not finite, and for a frame without rows.
    InvalidValue
        For what is no data frame, and for a target that is not among the columns.

    Notes
    -----
    S1 loads its classes from files; this is for a reader's own, as pandas or polars have read it.

    Examples
    --------
    >>> import pandas
    >>> frame = pandas.DataFrame({"width": [1, 3], "height": [2, 4.5], "kind": ["rose", "iris"]})
    >>> table = load_frame(frame)
    >>> table.X, table.T
    (array([[1. , 2. ], [3. , 4.5]]), array([1, 0]))
    >>> table.feature_names, table.class_names
    (('width', 'height'), ('iris', 'rose'))
    """
    import narwhals  # noqa: PLC0415 - importing chainrule loads NumPy alone

    try:
        known = narwhals.from_native(frame, eager_only=True)
    except (TypeError, ValueError, narwhals.exceptions.NarwhalsError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidValue(f"Expected a data frame of pandas, polars or pyarrow, one name a column: {reason}") from None
    where = "The frame"
    check_columns(where, known, target, regression=regression)
    return frame_table(where, known, target, regression=regression)


def check_columns(where: object, frame: Any, target: str | int | None, *, regression: bool) -> None:
    """Raise the sentence about columns that can be no table, whatever their rows hold."""
    names = [str(name) for name in frame.columns]
    check_names(where, names)
    if len(names) < 2:
        raise InvalidFile(f"{where} has fewer than two columns. It needs features and a target.")
    chosen = target_column(target, names, len(names))
    for j, (name, dtype) in enumerate(zip(names, frame.schema.values(), strict=True)):
        if not _is_numeric(dtype) and (j != chosen or regression or type(dtype).__name__ not in WORDS):
            raise _no_numbers(where, name, dtype)


def check_names(where: object, names: Sequence[str]) -> None:
    """Raise the sentence about columns of one name, and about a row index that would be taken for a feature."""
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise InvalidFile(f"{where}: {times} columns are called {name!r}. Give each its own name.")
    if any(name.startswith(PANDAS_INDEX) for name in names):
        raise InvalidFile(f"{where} holds the row index of pandas as a column. Write it with index=False.")


def frame_table(where: object, frame: Any, target: str | int | None, *, regression: bool) -> Table:
    """Return the table of a narwhals frame whose columns are checked."""
    names = [str(name) for name in frame.columns]
    chosen = target_column(target, names, len(names))
    if len(frame) == 0:
        raise InvalidFile(f"{where}: X has no rows.")
    columns = [(name, frame[:, j]) for j, name in enumerate(names)]
    name, targets = columns.pop(chosen)
    X = np.column_stack([_numbers(where, *column) for column in columns])  # (n, n_features)
    features = tuple(name for name, _ in columns)
    if regression:
        return Table(X, _numbers(where, name, targets), features, ())
    T, classes = _labels(where, name, targets)
    return Table(X, T, features, classes)


def _is_numeric(dtype: Any) -> bool:
    return dtype.is_numeric() or type(dtype).__name__ == "Boolean"


def _no_numbers(where: object, name: str, dtype: object) -> InvalidFile:
    return InvalidFile(
        f"{where}, column {name!r} holds {dtype}, not numbers."
        " Correct it, or choose this column as the target if it holds the classes."
    )


def _numbers(where: object, name: str, column: Any) -> npt.NDArray[np.float64]:
    """Return a column of numbers, (n,), or raise the sentence about the first cell that is none."""
    _check_gaps(where, name, column.is_null().to_numpy())
    array = np.array(column.to_numpy(), dtype=np.float64)
    _check_gaps(where, name, ~np.isfinite(array), "is not finite")
    return array


def _labels(where: object, name: str, column: Any) -> Numbered:
    """Return a column of classes, (n,): numbers, words, or true and false; each is what it is, to the last digit."""
    if type(column.dtype).__name__ in {*WORDS, "Decimal"}:
        return number_words(where, _words(where, name, column))
    _check_gaps(where, name, column.is_null().to_numpy())
    labels = np.array(column.to_numpy())
    if labels.dtype.kind == "f":
        _check_gaps(where, name, ~np.isfinite(labels), "is not finite")
    return number_classes(where, labels if labels.dtype.kind in "biu" else labels.astype(np.float64))


def _words(where: object, name: str, column: Any) -> Iterator[str]:
    """Yield the labels of a column, some at a time."""
    good: set[str] = set()
    try:
        for start in range(0, len(column), SLICE):
            for row, cell in enumerate(column[start : start + SLICE].to_list(), start):
                word = "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124  # NaN alone differs
                if word not in good:
                    if problem := label_problem(word):
                        raise InvalidFile(f"{where}, column {name!r}, row {row}, counted from 0: {problem}")
                    good.add(word)
                yield word
    except UnicodeDecodeError:
        raise InvalidFile(f"{where} is damaged: column {name!r} holds bytes that are no text.") from None


def _check_gaps(where: object, name: str, wrong: npt.NDArray[Any], problem: str = "is empty") -> None:
    """Raise the sentence about the first row whose cell is wrong."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        raise InvalidFile(
            f"{where}, column {name!r}: the cell in row {rows[0]}, counted from 0, {problem}."
            " Replace it or remove the row."
        )
