"""The header of a CSV file: whether the first line names the columns or is a sample, and what of that is in doubt.

A line in which no feature is a number is a header. A line of numbers is a sample, unless it counts (pandas' 0, 1, 2),
lists years, or ends in a word that no other line has for its class. What is decided against its look is said.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from chainrule.datasets.classes import MISSING, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_AT = 1000  # lines that are compared with the first one
SLIPS = str.maketrans("OolI,", "0011.")  # letters typed for digits, and the comma for the point
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
YEAR = re.compile(r"1[5-9][0-9]{2}|2[01][0-9]{2}")

Cells = list[str]


class FirstLine(NamedTuple):
    """Whether the first line is the header, and what the reader should know about that decision, if anything."""

    is_header: bool
    doubt: str = ""


def read_first_line(first: Cells, below: Sequence[Cells], target: int, *, named: bool) -> FirstLine:
    """Decide what the first line is, from the lines below it and the target's column.

    ``named`` says that the target was called by a name that stands in this line.

    >>> read_first_line(["width", "kind"], [["1", "rose"]], 1, named=False)
    FirstLine(is_header=True, doubt='')
    >>> read_first_line(["0", "1", "2"], [["0.5", "1.5", "1"]], 2, named=False)
    FirstLine(is_header=True, doubt='counts like the names that pandas gives')
    """
    below = [cells for cells in below if len(cells) == len(first)]
    features = [cell for j, cell in enumerate(first) if j != target]
    classes = Counter(cells[target] for cells in below)
    if first[target] in classes and not _counts(first):
        if all(map(_is_name, first)) and len(set(first)) == len(first):  # y, of which the classes are y and n
            return FirstLine(is_header=True, doubt=f"has {first[target]!r}, a class, for the name of the target")
        return FirstLine(is_header=False)  # a name is no class of the lines below it
    if named and not WHOLE.fullmatch(first[target]):
        return FirstLine(is_header=True)
    if all(parsed(cell) is None for cell in features):
        return _of_words(features, first[target], named=named)
    if any(parsed(cell) is None for cell in features):
        return FirstLine(is_header=False)
    return _of_numbers(first, below, target, classes, named=named)


def _of_words(features: Cells, last: str, *, named: bool) -> FirstLine:
    """A line without a number among its features is a header, if one of them looks like a name."""
    if not any(_is_name(cell) for cell in features) and "" not in features:
        return FirstLine(is_header=False)
    unusual = parsed(last) is not None and not named
    return FirstLine(is_header=True, doubt=f"has a number, {last}, for the name of the target" if unusual else "")


def _of_numbers(first: Cells, below: Sequence[Cells], target: int, classes: Counter[str], *, named: bool) -> FirstLine:
    """A line whose features are numbers is a sample, but for three kinds of names that are written so."""
    features = [j for j in range(len(first)) if j != target]
    if _counts(first):
        written_otherwise = bool(below) and not any(WHOLE.fullmatch(cells[j]) for cells in below for j in features)
        if named or written_otherwise or (first[0] == "0" and len(first) > 2):
            return FirstLine(is_header=True, doubt="counts like the names that pandas gives")
        return FirstLine(is_header=False, doubt="counts like names" if len(first) > 2 else "")
    if _lists_years(first, target) and not all(YEAR.fullmatch(cells[j]) for cells in below for j in features):
        return FirstLine(is_header=True, doubt="lists years")
    if not all(WHOLE.fullmatch(first[j]) for j in features) or not _is_name(first[target]):
        return FirstLine(is_header=False)
    if classes and (min(classes.values()) > 1 or all(parsed(label) is not None for label in classes)):
        return FirstLine(is_header=True, doubt=f"has {first[target]!r} where every other line has another class")
    return FirstLine(is_header=False)


def _counts(cells: Cells) -> bool:
    """Whether the cells count from 0 or from 1."""
    return cells in ([str(j + start) for j in range(len(cells))] for start in (0, 1))


def _lists_years(cells: Cells, target: int) -> bool:
    """Whether the features are years that rise, and the target is another or a name."""
    years = [cell for j, cell in enumerate(cells) if j != target or not _is_name(cell)]
    return all(YEAR.fullmatch(year) for year in years) and all(a < b for a, b in itertools.pairwise(years))


def _is_name(cell: str) -> bool:
    """Whether a cell may be a name: no number, no mark of a gap, and no number with a slip in it.

    >>> [_is_name(cell) for cell in ("width", "x1", "1st", "O.5", "1,5", "NA", "--", "3")]
    [True, True, True, False, False, False, False, False]
    """
    letters = sum(letter.isalpha() for letter in cell)
    if cell in MISSING or not letters or parsed(cell) is not None:
        return False
    if re.match(r"[-+.]*[0-9]", cell):
        return letters > 1
    return parsed(cell.translate(SLIPS)) is None or re.fullmatch(r"[A-Za-z][0-9]*", cell) is not None
