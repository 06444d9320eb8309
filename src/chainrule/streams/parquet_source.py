"""Parquet as a source: one file, or a folder of files with the same columns, read by row groups."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, MissingLibrary
from chainrule.streams.source import Source, bounds_of_pieces, first_line, float_dtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

ENCODE = "Encode it as numbers before it is written, or leave the column out: columns=[...]."


def _pyarrow() -> Any:
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        raise MissingLibrary("Parquet files need pyarrow: pip install 'chainrule[parquet]'.") from None


class ParquetSource(Source):
    """The rows of parquet files, in the order of the files' names.

    ``target`` names the column of y, or several; ``columns`` those of X, all others if it is left out.
    """

    def __init__(self, path: str | Path, target: str | Sequence[str], columns: Sequence[str] | None = None) -> None:
        self.paths = _files(Path(path))
        self.targets = [target] if isinstance(target, str) else list(target)
        self.is_flat = isinstance(target, str)
        groups = []  # (file, row group, rows)
        wanted: list[tuple[str, Any]] | None = None
        for number, one in enumerate(self.paths):
            metadata, schema = _opened(one)
            kinds = {field.name: field.type for field in schema}
            _check_names(one, schema.names)
            if wanted is None:
                given = (
                    columns
                    if columns is not None
                    else [name for name in kinds if name not in self.targets and name not in _index_of(schema)]
                )
                wanted = [(name, kinds.get(name)) for name in (*given, *self.targets)]
            _check_columns(one, kinds, wanted, self.paths[0])
            _check_numbers(one, [pair for pair in wanted if pair[0] not in self.targets])
            groups += [(number, k, metadata.row_group(k).num_rows) for k in range(metadata.num_row_groups)]
        self.features = [name for name, _ in wanted or [] if name not in self.targets]
        self.names = tuple(self.features)
        self.groups = [group for group in groups if group[2]]
        self.starts = np.cumsum([0, *(rows for *_, rows in self.groups)]).tolist()
        self.n_rows, self.n_features = int(self.starts[-1]), len(self.features)
        if not self.n_rows or not self.n_features:
            raise InvalidFile(f"{path} has no {'rows' if self.n_features else 'columns beside ' + repr(self.targets)}.")
        kinds_of_features = [kind for name, kind in wanted or [] if name not in self.targets]
        self.dtype = float_dtype([np.dtype(kind.to_pandas_dtype()) for kind in kinds_of_features])
        self.row_bytes = self.n_features * self.dtype.itemsize + 8 * len(self.targets)

    @property
    def parts(self) -> Sequence[str]:
        """The files, their sizes and times of change, and the columns."""
        files = [f"{one.resolve()} {one.stat().st_mtime_ns} {one.stat().st_size}" for one in self.paths]
        return [*files, *self.features, *self.targets]

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the rows of whole row groups."""
        tables = self._tables(start, stop, [*self.features, *self.targets])
        X = np.empty((stop - start, self.n_features), self.dtype)
        for k, name in enumerate(self.features):
            X[:, k] = np.concatenate([self._numbers(table, name) for table in tables])
        return X, self._as_targets(tables)

    def read_targets(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return y alone: of a parquet file the other columns are not read."""
        return self._as_targets(self._tables(start, stop, self.targets))

    def _as_targets(self, tables: Sequence[Any]) -> npt.NDArray[Any]:
        columns = [np.concatenate([self._numbers(table, name) for table in tables]) for name in self.targets]
        return columns[0] if self.is_flat else np.column_stack(columns)

    @staticmethod
    def _numbers(table: Any, name: str) -> npt.NDArray[Any]:
        """A column as an array: missing numbers are NaN, missing texts None."""
        found: npt.NDArray[Any] = table.column(name).to_numpy()
        return (
            found.astype(np.float64) if found.dtype == object and _is_number(table.schema.field(name).type) else found
        )

    def _tables(self, start: int, stop: int, columns: list[str]) -> list[Any]:
        """The tables of whole row groups from one row to before another."""
        first, last = (bisect.bisect_left(self.starts, row) for row in (start, stop))
        found = []
        for number, group, _ in self.groups[first:last]:
            path = self.paths[number]
            try:
                with _pyarrow().ParquetFile(path) as file:
                    found.append(file.read_row_group(group, columns=columns, use_threads=False))
            except (OSError, ValueError, KeyError) as error:
                raise InvalidFile(f"{path} cannot be read any more: {first_line(error)}") from error
        return found

    def bounds(self, usual: int, most: int) -> list[int]:
        """Whole row groups, which are read at once."""
        return bounds_of_pieces(
            self.starts,
            usual,
            most,
            lambda k, rows: (
                f"A row group of {self.paths[self.groups[k][0]].name} has {rows} rows, and {most} fit: it is read at "
                "once. Give more memory (memory='1 GB'), or write the file with a smaller row_group_size."
            ),
        )

    def place(self, row: int) -> str:
        """Tell a row by its file, and its number there, from 0."""
        k = bisect.bisect_right(self.starts, row) - 1
        number = self.groups[k][0]
        first = next(start for (one, *_), start in zip(self.groups, self.starts, strict=False) if one == number)
        return f"{super().place(row - first)} of {self.paths[number].name}"


def _files(path: Path) -> list[Path]:
    """The parquet files at a path, in the order of their names, numbers in them as numbers."""
    if path.is_dir():
        found = [one for one in path.rglob("*.parquet") if not one.name.startswith((".", "_"))]
        if not found:
            raise InvalidFile(f"{path} holds no file that ends in .parquet.")
        return sorted(found, key=lambda one: _by_numbers(str(one.relative_to(path))))
    if not path.exists():
        raise InvalidFile(f"{path} does not exist.")
    return [path]


def _by_numbers(name: str) -> list[tuple[int, str]]:
    """Split a name so that part-10 comes after part-9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _opened(path: Path) -> tuple[Any, Any]:
    """A file's metadata and schema, or the sentence that it is no parquet file, or is cut short."""
    try:
        with _pyarrow().ParquetFile(path) as file:
            return file.metadata, file.schema_arrow
    except (OSError, ValueError) as error:
        raise InvalidFile(f"{path} is no whole parquet file: {first_line(error)}") from error


def _check_columns(path: Path, kinds: dict[str, Any], wanted: Sequence[tuple[str, Any]], first: Path) -> None:
    """Refuse a file that lacks a column, has one of another type, or one that holds no numbers."""
    for name, kind in wanted:
        if name not in kinds:
            there = ", ".join(kinds)
            which = "" if path == first else f", which {first.name} has"
            raise InvalidFile(f"{path} has no column {name!r}{which}. It has {there}.")
        if kinds[name] != kind:
            raise InvalidFile(f"{path} has {kinds[name]} in the column {name!r}, where {first.name} has {kind}.")


def _check_names(path: Path, names: Sequence[str]) -> None:
    """Refuse a file in which two columns have one name: neither could be read by it."""
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise InvalidFile(f"{path} has {twice[0]!r} as the name of several columns. Rename them.")


def _index_of(schema: Any) -> list[str]:
    """The columns that are a pandas frame's index, by what pandas wrote beside them: numbers of rows, no features."""
    told = (schema.pandas_metadata or {}).get("index_columns", [])
    return [name for name in told if isinstance(name, str)]


def _is_number(kind: Any) -> bool:
    """Whether a column's type is one of numbers or truth values."""
    try:
        return np.dtype(kind.to_pandas_dtype()).kind in "fiub"
    except (NotImplementedError, TypeError):
        return False


def _check_numbers(path: Path, features: Sequence[tuple[str, Any]]) -> None:
    """Refuse a feature that is no number."""
    for name, kind in features:
        if not _is_number(kind):
            raise InvalidFile(f"{path} has {kind} in the column {name!r}, which is no number. {ENCODE}")
