"""Parquet as a source: one file, or a folder of files with the same columns, read by row groups."""

from __future__ import annotations

import bisect
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, MissingLibrary
from chainrule.streams.parquet_folder import folder_columns, parquet_files, warn_of_gaps
from chainrule.streams.source import Source, bounds_of_pieces, first_line, float_dtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

ENCODE = "Encode it as numbers before it is written, or leave the column out: columns=[...]."
FLOAT64 = np.dtype(np.float64)


def _pyarrow() -> Any:
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        raise MissingLibrary("Parquet files need pyarrow: pip install 'chainrule[parquet]'.") from None


class ParquetSource(Source):
    """The rows of parquet files, in the order of the files' names.

    ``target`` names the column of y, or several; ``columns`` those of X, all others if it is left out. Columns that
    stand in the names of folders, ``year=2020/…``, come after those of the files.
    """

    def __init__(self, path: str | Path, target: str | Sequence[str], columns: Sequence[str] | None = None) -> None:
        self.root = Path(path)
        self.paths = parquet_files(self.root)
        warn_of_gaps(self.paths)
        self.targets = [target] if isinstance(target, str) else list(target)
        self.is_flat = isinstance(target, str)
        self.of_folders = folder_columns(self.paths, self.root)
        kinds = self._open(columns)
        self.names = tuple(self.features)
        self.starts = np.cumsum([0, *(rows for *_, rows in self.groups)]).tolist()
        self.n_rows, self.n_features = int(self.starts[-1]), len(self.features)
        if not self.n_rows or not self.n_features:
            raise InvalidFile(f"{path} has no {'rows' if self.n_features else 'columns beside ' + repr(self.targets)}.")
        self.dtype = float_dtype([_dtype(kinds[name]) if name in kinds else FLOAT64 for name in self.features])
        self.row_bytes = self.n_features * self.dtype.itemsize + 8 * len(self.targets)

    def _open(self, columns: Sequence[str] | None) -> dict[str, Any]:
        """Look at all files: their row groups, and the types of the columns that are wanted, the same in all."""
        self.groups: list[tuple[int, int, int]] = []  # file, row group, rows
        wanted: dict[str, Any] = {}
        for number, one in enumerate(self.paths):
            metadata, schema = _opened(one)
            _check_names(one, schema.names)
            kinds = {field.name: field.type for field in schema}
            if number == 0:
                self.of_folders = {name: told for name, told in self.of_folders.items() if name not in kinds}
                self.features = self._chosen(schema, columns)
                chosen = [name for name in (*self.features, *self.targets) if name not in self.of_folders]
                wanted = {name: kinds.get(name) for name in chosen}
            _check_columns(one, kinds, wanted, self.paths[0], [*kinds, *self.of_folders])
            _check_numbers(one, {name: kind for name, kind in wanted.items() if name not in self.targets})
            sizes = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
            self.groups += [(number, k, rows) for k, rows in enumerate(sizes) if rows]
        return wanted

    def _chosen(self, schema: Any, columns: Sequence[str] | None) -> list[str]:
        """Return the names of the features, and refuse texts in the names of folders among them."""
        there = [name for name in schema.names if name not in _index_of(schema)]
        names = columns if columns is not None else [*there, *self.of_folders]
        features = [name for name in names if name not in self.targets]
        for name in features:
            if name in self.of_folders and self.of_folders[name].dtype == object:
                raise InvalidFile(
                    f"{self.root} has folders named {name}={self.of_folders[name][0]}, and {name!r} is no number. "
                    "Name them by numbers, or leave the column out: columns=[...]."
                )
        return features

    @property
    def parts(self) -> Sequence[str]:
        """The files, their sizes and times of change, and the columns."""
        files = [f"{one.resolve()} {one.stat().st_mtime_ns} {one.stat().st_size}" for one in self.paths]
        return [*files, *self.features, *self.targets]

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the rows of whole row groups."""
        groups = self._groups(start, stop, [*self.features, *self.targets])
        X = np.empty((stop - start, self.n_features), self.dtype)
        for k, name in enumerate(self.features):
            X[:, k] = self._column(groups, name)
        return X, self._as_targets(groups)

    def read_targets(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return y alone: of a parquet file the other columns are not read."""
        return self._as_targets(self._groups(start, stop, self.targets))

    def _as_targets(self, groups: Sequence[tuple[int, int, Any]]) -> npt.NDArray[Any]:
        columns = [self._column(groups, name) for name in self.targets]
        return columns[0] if self.is_flat else np.column_stack(columns)

    def _column(self, groups: Sequence[tuple[int, int, Any]], name: str) -> npt.NDArray[Any]:
        """A column of some row groups, each with its file and its rows."""
        if name in self.of_folders:
            return np.repeat(self.of_folders[name][[file for file, *_ in groups]], [rows for _, rows, _ in groups])
        return np.concatenate([_values(table.column(name)) for *_, table in groups])

    def _groups(self, start: int, stop: int, columns: list[str]) -> list[tuple[int, int, Any]]:
        """Read the columns of whole row groups from one row to before another, but those of folders."""
        columns = [name for name in columns if name not in self.of_folders]
        first, last = (bisect.bisect_left(self.starts, row) for row in (start, stop))
        found = []
        for number, group, rows in self.groups[first:last]:
            path = self.paths[number]
            try:
                with _pyarrow().ParquetFile(path) as file:
                    found.append((number, rows, file.read_row_group(group, columns=columns, use_threads=False)))
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
                f"A row group of {self._told(self.groups[k][0])} has {rows} rows, and {most} fit: it is read at "
                "once. Give more memory (memory='1 GB'), or write the file with a smaller row_group_size."
            ),
        )

    def place(self, row: int) -> str:
        """Tell a row by its file, and its number there, from 0."""
        k = bisect.bisect_right(self.starts, row) - 1
        number = self.groups[k][0]
        first = next(start for (one, *_), start in zip(self.groups, self.starts, strict=False) if one == number)
        return f"{super().place(row - first)} of {self._told(number)}"

    def _told(self, number: int) -> str:
        """A file's name, with the folders that it lies in."""
        path = self.paths[number]
        return path.name if path == self.root else path.relative_to(self.root).as_posix()


def _opened(path: Path) -> tuple[Any, Any]:
    """A file's metadata and schema, or the sentence that it is no parquet file, or is cut short."""
    try:
        with _pyarrow().ParquetFile(path) as file:
            return file.metadata, file.schema_arrow
    except (OSError, ValueError) as error:
        raise InvalidFile(f"{path} is no whole parquet file: {first_line(error)}") from error


def _check_columns(
    path: Path, kinds: dict[str, Any], wanted: dict[str, Any], first: Path, there: Sequence[str]
) -> None:
    """Refuse a file that lacks a column, or has one of another type."""
    for name, kind in wanted.items():
        if name not in kinds:
            which = "" if path == first else f", which {first.name} has"
            raise InvalidFile(f"{path} has no column {name!r}{which}. It has {', '.join(there)}.")
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


def _check_numbers(path: Path, features: dict[str, Any]) -> None:
    """Refuse a feature that is no number."""
    for name, kind in features.items():
        if _dtype(kind).kind not in "fiub":
            raise InvalidFile(f"{path} has {kind} in the column {name!r}, which is no number. {ENCODE}")


def _dtype(kind: Any) -> np.dtype[Any]:
    """As what a column's type is read: decimals as float64."""
    if str(kind).startswith("decimal"):
        return FLOAT64
    try:
        found: np.dtype[Any] = np.dtype(kind.to_pandas_dtype())
    except (NotImplementedError, TypeError):
        return np.dtype(object)
    return found


def _values(column: Any) -> npt.NDArray[Any]:
    """A column as an array: missing numbers are NaN, missing texts None."""
    is_decimal = str(column.type).startswith("decimal")
    found: npt.NDArray[Any] = (column.cast("float64") if is_decimal else column).to_numpy()
    return found.astype(np.float64) if found.dtype == object and _dtype(column.type).kind in "fiub" else found
