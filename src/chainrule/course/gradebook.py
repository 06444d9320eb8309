"""Gradebooks: the sheet that Moodle or Canvas hands out for grades, filled in with the points of a class."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.course.terminal import amount, visible
from chainrule.errors import InvalidFile
from chainrule.files.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chainrule.course.checked import Checked

GRADE = ("Grade", "Bewertung", "Calificación", "Note", "Valutazione")  # Moodle writes heads in the teacher's language
MOST = ("Maximum grade", "Maximum Grade", "Bestwertung")
STATUS = ("Status", "Estado", "Statut", "Stato")
LATE = re.compile(r"\b(late|später|verspätet|después|atrasado|po termínu)\b")  # what Moodle's status says of it
DECIMAL_COMMA = re.compile(r"\s*\d+,\d+\s*")
CANVAS = ("Student", "ID")
ASSIGNMENT = re.compile(r"(?P<title>.+) \(\d+\)")
POSSIBLE = "points possible"
LARGEST = 10_000_000  # bytes


@dataclass(frozen=True)
class Filled:
    """A sheet with grades.

    Attributes
    ----------
    text : str
    entered : int
        How many grades.
    strangers : tuple of str
        Whose submissions are not in it.
    unjudged : tuple of str
        Who is in it, and whose submission could not be judged.
    silent : tuple of str
        Who is in it without a submission.
    """

    text: str
    entered: int
    strangers: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


def fill(sheet: Path, checked: Sequence[Checked], lab: str) -> Filled:
    """Enter the points of a class into a sheet of Moodle or Canvas.

    Parameters
    ----------
    sheet : Path
        Moodle's grading worksheet ("Download grading worksheet"), whose rows begin with "Participant 123"; or Canvas's
        gradebook ("Export"), with the columns Student and ID and one such as "Homework 1 (4567)".
    checked : sequence of Checked
        Found by the number that the platform put into the name of the file or folder.
    lab : str
        Names the column of Canvas where there are several assignments.

    Returns
    -------
    Filled
        Points are scaled to what the sheet says can be reached, and written with its separators. A student without a
        submission, or with one that could not be judged, stays as before.

    Raises
    ------
    InvalidFile
        Where it is no such sheet.
    """
    rows, delimiter = _rows(sheet)
    head = rows[0] if rows else []
    by_number = {one.number: one for one in checked if one.number}
    identify, grade, limits = _columns(sheet, rows, head, lab)
    comma = any(DECIMAL_COMMA.fullmatch(cell) for cell in (*limits, *(row[grade] for row in rows)))
    found: dict[str, Checked] = {}
    silent = []
    for row, limit in zip(rows[1:], limits[1:], strict=True):
        number = _number(row[identify])
        one = by_number.get(number)
        if number and one is None:
            silent.append(visible(row[1 - identify] if len(row) > 1 else row[0]))
        elif one is not None:
            found[number] = one
            row[grade] = _scaled(one, limit, comma=comma) if one.judged else row[grade]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return Filled(
        buffer.getvalue(),
        sum(bool(one.judged) for one in found.values()),
        tuple(visible(one.name) for one in checked if one.number not in found),
        tuple(visible(one.name) for one in found.values() if not one.judged),
        tuple(silent),
    )


def _columns(sheet: Path, rows: list[list[str]], head: list[str], lab: str) -> tuple[int, int, list[str]]:
    """Where a sheet has who it is and the grade, and what can be reached in each row."""
    if list(head[:2]) == list(CANVAS):
        grade = _assignment(sheet, head, lab)
        most = next((row[grade] for row in rows[1:3] if POSSIBLE in row[0].lower()), "")
        return 1, grade, [most] * len(rows)
    known = [name for name in MOST if name in head]
    return 0, _column(sheet, head, GRADE), [row[head.index(known[0])] if known else "" for row in rows]


def late_in(sheet: Path) -> set[str]:
    """Return the numbers of the students whose submission Moodle's worksheet calls late, in its column Status."""
    rows, _ = _rows(sheet)
    columns = [rows[0].index(name) for name in STATUS if rows and name in rows[0]]
    return {_number(row[0]) for row in rows[1:] if columns and LATE.search(row[columns[0]])}


def _number(cell: str) -> str:
    """Return the number at the end of what identifies a student, "" where there is none."""
    found = re.search(r"(\d+)\s*$", cell)
    return found[1] if found else ""


def write_gradebook(sheet: Path, checked: Sequence[Checked], lab: str) -> tuple[Path, Filled]:
    """Write the sheet filled in beside itself, as NAME-graded.csv."""
    filled = fill(sheet, checked, lab)
    return write_whole(sheet.with_name(f"{sheet.stem}-graded.csv"), filled.text), filled


def _rows(sheet: Path) -> tuple[list[list[str]], str]:
    """Read a sheet, all of whose rows are as long as its head; also tell what separates its cells."""
    try:
        if sheet.stat().st_size > LARGEST:
            raise InvalidFile(f"{sheet} has more than {LARGEST} bytes: is it a sheet of grades?")
        text = sheet.read_text("utf-8-sig")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except OSError as error:
        raise InvalidFile(f"Cannot read {sheet}: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidFile(
            f"{sheet} is no CSV in UTF-8: {error}. Take the sheet as the platform hands it out."
        ) from error
    rows = [row for row in rows if row]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise InvalidFile(f"{sheet}, row {number}: {len(row)} cells, where the head has {len(rows[0])}.")
    return rows, delimiter


def _column(sheet: Path, head: Sequence[str], names: Sequence[str]) -> int:
    found = [head.index(name) for name in names if name in head]
    if not found:
        raise InvalidFile(
            f"{sheet} is neither Moodle's grading worksheet (a column {names[0]}) nor Canvas's gradebook (columns "
            f"{', '.join(CANVAS)}). Its columns are: {', '.join(head[:12]) or 'none'}."
        )
    return found[0]


def _assignment(sheet: Path, head: Sequence[str], lab: str) -> int:
    """Find the column of Canvas that the grades belong into: the only assignment, or the one that names the lab."""
    found = {j: match["title"] for j, name in enumerate(head) if (match := ASSIGNMENT.fullmatch(name))}
    meant = [j for j, title in found.items() if lab.lower() in title.lower()] if len(found) > 1 else list(found)
    if len(meant) != 1:
        raise InvalidFile(
            f"{sheet} has {len(found)} assignments ({', '.join(found.values()) or 'none'}), and not exactly one of "
            f"them names the lab {lab}. Leave the column of one assignment in it."
        )
    return meant[0]


def _scaled(one: Checked, limit: str, *, comma: bool) -> str:
    """Write the points, scaled to what can be reached in the sheet.

    A limit that is no number leaves them as they are.
    """
    try:
        most = float(limit.replace(",", "."))
    except ValueError:
        most = one.worth
    told = amount(one.points * most / one.worth if one.worth else 0.0)
    return told.replace(".", ",") if comma else told
