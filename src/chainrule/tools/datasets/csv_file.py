"""CSV files: a table of numbers and one target, read with every doubtful cell named instead of guessed at."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chainrule.errors import InvalidFile, unknown_name
from chainrule.tools.datasets.table import Table, column_index, number_words, numbered_names, parsed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """The cells of one row, and the line of the file that it begins on."""

    line: int
    cells: list[str]


class Layout(NamedTuple):
    """How the rows are to be read: the header's names, or None, how many columns, and which is the target."""

    path: Path
    header: list[str] | None
    n_columns: int
    target: int

    @property
    def features(self) -> list[int]:
        """The columns of X."""
        return [j for j in range(self.n_columns) if j != self.target]

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The header's names of these columns, or x1, x2 and so on."""
        if self.header is None:
            return numbered_names(self.n_columns - 1)
        return tuple(self.header[j] for j in self.features)

    def place(self, row: Row, j: int) -> str:
        """Say where a cell is."""
        column = j + 1 if self.header is None else repr(self.header[j])
        return f"{self.path}, line {row.line}, column {column}"

    def number(self, row: Row, j: int) -> float:
        """Return the number in column j, or raise the sentence about its cell."""
        number = parsed(row.cells[j])
        if number is not None and math.isfinite(number):
            return number
        self.label(row, j)
        hint = "Correct it, or choose this column as the target if it holds the classes."
        if row.line > 2:  # numbers stand above it: the column is a feature
            hint = "Correct it, or remove the row."
        if parsed(row.cells[j].replace(",", ".")) is not None:
            hint = "Write numbers with a decimal point and without thousands separators."
        raise InvalidFile(f"{self.place(row, j)}: {row.cells[j]!r} is not a number. {hint}")

    def label(self, row: Row, j: int) -> str:
        """Return the text in column j, or raise the sentence if it is missing, NaN or infinite."""
        cell = row.cells[j]
        if not cell:
            raise InvalidFile(f"{self.place(row, j)}: the cell is empty. Fill it or remove the row.")
        if not math.isfinite(parsed(cell) or 0.0):
            raise InvalidFile(f"{self.place(row, j)}: {cell!r} is not finite. Replace it or remove the row.")
        return cell


def load_csv(path: str | os.PathLike[str], *, target: str | int | None = None, regression: bool = False) -> Table:
    r"""Read a table: numbers in every column, and one column that is the target.

    The first line tells the delimiter: comma, semicolon or tab. It is the header if no feature in it is a number;
    without a header the features are called x1, x2 and so on. Blank lines are skipped.

    Parameters
    ----------
    path
        A text file in UTF-8.
    target
        Name or index of the target's column, counted from 0, or from the end where negative; None is the last.
    regression
        Whether the target is a number to predict. Otherwise it is a class, named by a number or a word: if all are
        numbers, 1 and 1.0 are one class.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no text or no table, and for a cell that is not what its column needs; the
        sentence names line and column.
    InvalidValue
        For a target that is not among the columns.

    Notes
    -----
    S1 loads its classes from files; this is for a reader's own.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "flowers.csv")
    ...     _ = path.write_text("width,height,kind\n1,2,rose\n3,4.5,iris\n")
    ...     table = load_csv(path)
    >>> table.X, table.T
    (array([[1. , 2. ], [3. , 4.5]]), array([1, 0]))
    >>> table.feature_names, table.class_names
    (('width', 'height'), ('iris', 'rose'))
    """
    file = Path(path)
    rows = _rows(file)
    first = next(rows, None)
    if first is None:
        raise InvalidFile(f"{file} is empty. It needs rows of numbers and a target.")
    layout = _layout(file, first, target)
    data = rows if layout.header else itertools.chain([first], rows)
    X, targets = _read(layout, data, layout.number if regression else layout.label)
    if not X:
        raise InvalidFile(f"{file} has a header but no rows.")
    T, class_names = (np.array(targets, dtype=np.float64), ()) if regression else number_words(file, targets)
    return Table(np.array(X), T, layout.feature_names, class_names)


def _read(
    layout: Layout, rows: Iterable[Row], target: Callable[[Row, int], float | str]
) -> tuple[list[list[float]], list[float | str]]:
    """Return the features and the target of every row."""
    X, targets, features = [], [], layout.features
    for row in rows:
        if len(row.cells) != layout.n_columns:
            raise InvalidFile(
                f"{layout.path}, line {row.line} has {len(row.cells)} cells,"
                f" expected {layout.n_columns} as in the first line."
            )
        X.append([layout.number(row, j) for j in features])
        targets.append(target(row, layout.target))
    return X, targets


def _rows(path: Path) -> Iterator[Row]:
    """Cut the file into rows of cells; blank lines are left out and still counted."""
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise InvalidFile(
                f"{path}, line {line}: a quoted cell that begins here is never closed, or text follows its closing"
                " quote. Close it; a quote inside a quoted cell is written twice."
            ) from None
        if cells is None:
            return
        if len(cells) > 1 or any(cell.strip() for cell in cells):
            yield Row(line, [cell.strip() for cell in cells])


def _text(path: Path) -> str:
    """Return the file's text."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InvalidFile(f"There is no file {path}. Check its name and its folder.") from None
    except OSError as error:
        if isinstance(error, IsADirectoryError | PermissionError) and path.is_dir():
            raise InvalidFile(f"{path} is a directory. Name a file in it.") from None
        raise InvalidFile(f"Cannot read {path}: {error.strerror}.") from None
    if b"\0" in content and not content.startswith(UTF_16_MARKS):
        raise InvalidFile(f"{path} is a binary file, not text. Export the table as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidFile(f"{path} is not in UTF-8 (line {line}). Save it as CSV in UTF-8.") from None


def _delimiter(text: str) -> str:
    """Which of tab, semicolon and comma the first row has most of, quoted cells aside."""
    row = re.match(r'(?:"[^"]*"|[^"\r\n]+)*', text.lstrip("\r\n "))
    unquoted = re.sub(r'"[^"]*"', "", row[0] if row else "")
    return max("\t;,", key=unquoted.count)


def _layout(path: Path, first: Row, target: str | int | None) -> Layout:
    """Decide from the first row what the columns are."""
    if len(first.cells) == 1:
        raise InvalidFile(
            f"{path} has only one column. It needs features and a target, separated by comma, semicolon or tab."
        )
    layout = Layout(path, None, len(first.cells), _target_column(path, first, target))
    if not _is_header(layout, first):
        if isinstance(target, str):
            raise InvalidFile(_no_header(path, first, target))
        return layout
    _check_names(layout, first)
    return layout._replace(header=first.cells)


def _check_names(layout: Layout, header: Row) -> None:
    """Raise the sentence about a column of the header that has no name, or another's."""
    where = f"{layout.path}, line {header.line}"
    if "" in header.cells:
        raise InvalidFile(
            f"{where}: column {header.cells.index('') + 1} has no name."
            " Name it, or remove the column if it only counts the rows."
        )
    name, times = Counter(header.cells).most_common(1)[0]
    if times > 1:
        raise InvalidFile(f"{where}: {times} columns are called {name!r}. Give each its own name.")


def _target_column(path: Path, first: Row, target: str | int | None) -> int:
    """Return the target's column, counted from 0."""
    n_columns = len(first.cells)
    if target is None:
        return n_columns - 1
    if isinstance(target, str):
        if target in first.cells:
            return first.cells.index(target)
        if any(parsed(cell) is not None for cell in first.cells):
            raise InvalidFile(_no_header(path, first, target))
        raise unknown_name("target", target, first.cells)
    return column_index(target, n_columns)


def _no_header(path: Path, first: Row, target: str) -> str:
    """Say why a target cannot be called by its name."""
    return (
        f"{path} has no header: line {first.line} holds numbers. Choose the target by its index instead of {target!r}."
    )


def _is_header(layout: Layout, first: Row) -> bool:
    """Whether no feature of the first row is a number; a row that is half of each is refused."""
    words = [j for j in layout.features if parsed(first.cells[j]) is None]
    if len(words) == len(layout.features):
        return True
    if words and first.cells[words[0]]:
        raise InvalidFile(
            f"{layout.place(first, words[0])}: {first.cells[words[0]]!r} is not a number, but other cells here are."
            " A header holds only names, a row of data only numbers beside its target."
        )
    return False
