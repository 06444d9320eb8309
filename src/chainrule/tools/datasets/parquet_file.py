"""Parquet files: typed columns, read by pyarrow where it is installed."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, MissingLibrary, unknown_name
from chainrule.tools.datasets.bounds import check_unpacked, file_size, unreadable
from chainrule.tools.datasets.table import Table, column_index, make_table

if TYPE_CHECKING:
    import os

    import numpy.typing as npt

PANDAS_INDEX = "__index_level_"


def load_parquet(path: str | os.PathLike[str], *, target: str | int | None = None, regression: bool = False) -> Table:
    """Read a table of named columns: numbers in every one, and one column that is the target.

    Parameters
    ----------
    path
        A Parquet file.
    target
        Name or index of the target's column, counted from 0, or from the end where negative; None is the last.
    regression
        Whether the target is a number to predict. Otherwise it is a class, named by a number or a word.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no Parquet, damaged or without rows, for a column that holds no numbers, for a
        gap and a number that is not finite, and for what would unpack to far more than it is.
    InvalidValue
        For a target that is not among the columns.
    MissingLibrary
        Without pyarrow.

    Notes
    -----
    S1 loads its classes from files; this is for a reader's own, from pandas or a database.
    """
    file = Path(path)
    size = file_size(file)
    columns = _read_columns(file, size)
    names = list(columns)
    if len(names) < 2:
        raise InvalidFile(f"{file} has fewer than two columns. It needs features and a target.")
    chosen = names[_target_column(names, target)]
    features = [name for name in names if name != chosen]
    X = np.column_stack([_numbers(file, name, columns[name]) for name in features])  # (n, n_features)
    T = _numbers(file, chosen, columns[chosen]) if regression else _labels(file, chosen, columns[chosen])
    return make_table(file, X, T, regression=regression)._replace(feature_names=tuple(features))


def _target_column(names: list[str], target: str | int | None) -> int:
    """Return the target's column, counted from 0."""
    if isinstance(target, str):
        if target not in names:
            raise unknown_name("target", target, names)
        return names.index(target)
    return column_index(-1 if target is None else target, len(names))


def _read_columns(file: Path, size: int) -> dict[str, Any]:
    """Read the columns as pyarrow has them, by their names."""
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise MissingLibrary("Missing library pyarrow. Install it: pip install pyarrow.") from None
    try:
        with file.open("rb") as source, parquet.ParquetFile(source) as content:
            schema, n_rows = content.schema_arrow, content.metadata.num_rows
            _check_schema(file, schema.names)
            check_unpacked(file, size, n_rows * len(schema.names) * np.dtype(np.float64).itemsize)
            return dict(zip(schema.names, content.read().columns, strict=True))
    except InvalidFile:
        raise
    except (arrow.ArrowException, ValueError, OverflowError, MemoryError):
        raise InvalidFile(f"{file} is damaged, cut short, or no Parquet file. Write it again.") from None
    except OSError as error:
        if error.errno is not None:
            raise unreadable(file, error) from None
        raise InvalidFile(f"{file} is damaged, cut short, or no Parquet file. Write it again.") from None


def _check_schema(file: Path, names: list[str]) -> None:
    """Raise the sentence about columns of one name, and about a row index that would be taken for a feature."""
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise InvalidFile(f"{file}: {times} columns are called {name!r}. Give each its own name.")
    if any(name.startswith(PANDAS_INDEX) for name in names):
        raise InvalidFile(f"{file} holds the row index of pandas as a column. Write it with index=False.")


def _numbers(file: Path, name: str, column: Any) -> npt.NDArray[Any]:
    """Return a column of numbers, (n,), or raise the sentence about the first cell that is none."""
    types = importlib.import_module("pyarrow").types
    kind = column.type
    if not (types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_decimal(kind)):
        raise InvalidFile(
            f"{file}, column {name!r} holds {kind}, not numbers."
            " Correct it, or choose this column as the target if it holds the classes."
        )
    _check_gaps(file, name, column.is_null().to_numpy())
    array: npt.NDArray[Any] = column.cast("float64", safe=False).to_numpy()
    _check_gaps(file, name, ~np.isfinite(array), "is not finite")
    return array


def _labels(file: Path, name: str, column: Any) -> npt.NDArray[Any]:
    """Return a column of classes, (n,): numbers, words, or true and false."""
    types = importlib.import_module("pyarrow").types
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_boolean(column.type):
        return _numbers(file, name, column).astype(np.bool_)
    if not (types.is_string(column.type) or types.is_large_string(column.type)):
        return _numbers(file, name, column)
    _check_gaps(file, name, column.is_null().to_numpy())
    return np.array(column.to_pylist(), dtype=np.str_)


def _check_gaps(file: Path, name: str, wrong: npt.NDArray[Any], problem: str = "is empty") -> None:
    """Raise the sentence about the first row whose cell is wrong."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        raise InvalidFile(
            f"{file}, column {name!r}: the cell in row {rows[0]}, counted from 0, {problem}."
            " Replace it or remove the row."
        )
