"""CSV files: a table of numbers and one target, read with every doubtful cell named instead of guessed at."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
import warnings
from array import array
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chainrule.datasets.bounds import LARGEST_TEXT
from chainrule.datasets.classes import label_problem, number_words, parsed
from chainrule.datasets.csv_header import LOOKED_AT, read_first_line
from chainrule.datasets.tabular import POSITION, Table, numbered_names, target_column
from chainrule.errors import DoubtfulData, InvalidFile, InvalidValue, unknown_name
from chainrule.files.regular import open_regular, size_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class CsvRow(NamedTuple):
    """The cells of one row, and the line of the file that it begins on."""

    line: int
    cells: list[str]


class TableLayout(NamedTuple):
    """How the rows are to be read: the header's names, or None, how many columns, the target's, and the first line."""

    path: Path
    header: list[str] | None
    n_columns: int
    target: int
    first_line: int

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

    def place(self, row: CsvRow, j: int) -> str:
        """Say where a cell is."""
        column = j + 1 if self.header is None else repr(self.header[j])
        return f"{self.path}, line {row.line}, column {column}"

    def number(self, row: CsvRow, j: int) -> float:
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
        if row.line == self.first_line and any(parsed(row.cells[k]) is not None for k in self.features):
            hint = "A header holds only names, a row of data only numbers beside its target."
        if row.line == self.first_line:
            hint += " If this line names the columns, say header=True."
        raise InvalidFile(f"{self.place(row, j)}: {row.cells[j]!r} is not a number. {hint}")

    def label(self, row: CsvRow, j: int) -> str:
        """Return the text in column j, or raise the sentence if it is missing, NaN or infinite."""
        if problem := label_problem(row.cells[j]):
            raise InvalidFile(f"{self.place(row, j)}: {problem}")
        return row.cells[j]


def load_csv(
    path: str | os.PathLike[str],
    *,
    target: str | int | None = None,
    regression: bool = False,
    header: bool | None = None,
) -> Table:
    r"""Read a table: numbers in every column, and one column that is the target.

    The first line tells the delimiter: comma, semicolon or tab. It is the header if no feature in it is a number; a
    line of numbers is a sample, unless it counts as pandas' columns do (0, 1, 2), lists years, or ends in a word that
    no other line has for its class, which is said by a warning. Without a header the features are called x1, x2 and
    so on. Blank lines are skipped.

    Parameters
    ----------
    path
        A text file in UTF-8.
    target
        Name or index of the target's column, counted from 0, or from the end where negative; None is the last. A
        text is a name before it is an index: "1" is the column called 1, or else the second.
    regression
        Whether the target is a number to predict. Otherwise it is a class, named by a number or a word: if all are
        numbers, 1 and 1.0 are one class. A cell that marks a gap (empty, NA, nan, ?) is neither.
    header
        Whether the first line names the columns; None decides as said above.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no text, no table or larger than a gibibyte, and for a cell that is not what its
        column needs; the sentence names line and column.
    InvalidValue
        For a target that is not among the columns.

    Warns
    -----
    DoubtfulData
        Where the first line may as well be the other of the two.

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
    if header not in (None, True, False):
        raise InvalidValue(f"header must be True, False or None, got {header!r}.")
    file = Path(path)
    rows = rows_of(file)
    head = list(itertools.islice(rows, LOOKED_AT + 1))
    if not head:
        raise InvalidFile(f"{file} is empty. It needs rows of numbers and a target.")
    layout = _layout(file, head, target, header)
    data = itertools.chain(head[1:] if layout.header else head, rows)
    X, targets = _read(layout, data, layout.number if regression else layout.label)
    if not len(X):
        raise InvalidFile(f"{file} has a header but no rows.")
    T, class_names = (np.array(targets, dtype=np.float64), ()) if regression else number_words(file, map(str, targets))
    return Table(X, T, layout.feature_names, class_names)


def _read(
    layout: TableLayout, rows: Iterable[CsvRow], target: Callable[[CsvRow, int], float | str]
) -> tuple[npt.NDArray[np.float64], list[float | str]]:
    """Return the features (n, n_features) and the target of every row."""
    numbers, targets, features = array("d"), [], layout.features
    for row in rows:
        if len(row.cells) != layout.n_columns:
            raise InvalidFile(
                f"{layout.path}, line {row.line} has {len(row.cells)} cells,"
                f" expected {layout.n_columns} as in the first line."
            )
        numbers.extend([layout.number(row, j) for j in features])
        targets.append(target(row, layout.target))
    return np.array(numbers, dtype=np.float64).reshape(len(targets), len(features)), targets


def rows_of(path: Path) -> Iterator[CsvRow]:
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
            yield CsvRow(line, [cell.strip() for cell in cells])


def _text(path: Path) -> str:
    """Return the file's text."""
    with open_regular(path) as file:
        if size_of(file) > LARGEST_TEXT:
            raise InvalidFile(
                f"{path} has {size_of(file)} bytes, and at most {LARGEST_TEXT} of text are read. Save it as .parquet."
            )
        content = file.read()
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


def _layout(path: Path, head: Sequence[CsvRow], target: str | int | None, header: bool | None) -> TableLayout:
    """Decide from the first row, beside those below it, what the columns are."""
    first, n_columns = head[0], len(head[0].cells)
    if n_columns == 1:
        raise InvalidFile(
            f"{path} has only one column. It needs features and a target, separated by comma, semicolon or tab."
        )
    named = isinstance(target, str) and target in first.cells
    if named or header:
        column = target_column(target, first.cells, n_columns)
    elif isinstance(target, str) and not POSITION.fullmatch(target):
        raise _no_such_name(path, first, target, header)
    else:
        column = target_column(target, None, n_columns)
    if header is None:
        header = _decide(path, head, column, named=named)
    if header:
        layout = TableLayout(path, first.cells, n_columns, column, first.line)
        _check_names(layout, first)
        return layout
    if named:
        assert isinstance(target, str)  # noqa: S101  # it is in the line
        if not POSITION.fullmatch(target):
            raise _no_such_name(path, first, target, header)
        column = target_column(target, None, n_columns)
    return TableLayout(path, None, n_columns, column, first.line)


def _decide(path: Path, head: Sequence[CsvRow], target: int, *, named: bool) -> bool:
    """Decide whether the first row is the header, and say so where it is in doubt."""
    first = head[0]
    is_header, doubt = read_first_line(first.cells, [row.cells for row in head[1:]], target, named=named)
    if doubt:
        what, other = ("the names of the columns", False) if is_header else ("a sample", True)
        warnings.warn(
            f"{path}, line {first.line} ({', '.join(first.cells[:5])}) {doubt}: it is read as {what}. If it is not,"
            f" say header={other}{', or write a line of names above it' if is_header else ''}.",
            DoubtfulData,
            stacklevel=4,
        )
    return is_header


def _check_names(layout: TableLayout, header: CsvRow) -> None:
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


def _no_such_name(path: Path, first: CsvRow, target: str, header: bool | None) -> InvalidFile | InvalidValue:
    """Say why a target cannot be called by its name."""
    if header is None and all(parsed(cell) is None for cell in first.cells):
        return unknown_name("target", target, first.cells)
    return InvalidFile(
        f"{path} has no header: line {first.line} holds numbers. Choose the target by its index instead of {target!r}."
    )
