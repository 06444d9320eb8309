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
CANVAS = ("Student", "ID")
ASSIGNMENT = re.compile(r"(?P<title>.+) \(\d+\)")
POSSIBLE = "points possible"
LARGEST = 10_000_000  # bytes


@dataclass(frozen=True)
class Filled:
    """A sheet with grades: its text, how many were entered, and whose submissions are not in it."""

    text: str
    entered: int
    strangers: tuple[str, ...]


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
        Points are scaled to what the sheet says can be reached. A student without a submission stays as before.

    Raises
    ------
    InvalidFile
        Where it is no such sheet.
    """
    rows = _rows(sheet)
    head = rows[0] if rows else []
    by_number = {one.number: one for one in checked if one.number}
    if list(head[:2]) == list(CANVAS):
        identify, grade = 1, _assignment(sheet, head, lab)
        most = next((row[grade] for row in rows[1:3] if POSSIBLE in row[0].lower()), "")
        limits = [most] * len(rows)
    else:
        identify, grade = 0, _column(sheet, head, GRADE)
        known = [name for name in MOST if name in head]
        limits = [row[head.index(known[0])] if known else "" for row in rows]
    entered = set()
    for row, limit in zip(rows[1:], limits[1:], strict=True):
        number = re.search(r"(\d+)\s*$", row[identify])
        one = by_number.get(number[1]) if number else None
        if one is not None and one.judged:
            row[grade] = _scaled(one, limit)
            entered.add(one.number)
    strangers = (visible(one.name) for one in checked if one.number not in entered)
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return Filled(buffer.getvalue(), len(entered), tuple(strangers))


def write_gradebook(sheet: Path, checked: Sequence[Checked], lab: str) -> tuple[Path, Filled]:
    """Write the sheet filled in beside itself, as NAME-graded.csv."""
    filled = fill(sheet, checked, lab)
    return write_whole(sheet.with_name(f"{sheet.stem}-graded.csv"), filled.text), filled


def _rows(sheet: Path) -> list[list[str]]:
    """Read a sheet, all of whose rows are as long as its head."""
    try:
        if sheet.stat().st_size > LARGEST:
            raise InvalidFile(f"{sheet} has more than {LARGEST} bytes: is it a sheet of grades?")
        rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"), newline=""), strict=True))
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
    return rows


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


def _scaled(one: Checked, limit: str) -> str:
    """Write the points, scaled to what can be reached in the sheet.

    A limit that is no number leaves them as they are.
    """
    try:
        most = float(limit.replace(",", "."))
    except ValueError:
        most = one.worth
    return amount(one.points * most / one.worth if one.worth else 0.0)
