"""Grading: every submission of a folder, on all cores; one that is broken, or a Ctrl-C, costs none of the others."""

from __future__ import annotations

import csv
import io
import os
import threading
import unicodedata
import warnings
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from chainrule.course.checked import Checked
from chainrule.course.lms import Sender, sender
from chainrule.course.recognition import left_over, match, recognise
from chainrule.course.terminal import amount, clean, first_trouble, visible
from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.files.atomic import write_whole
from chainrule.language.translation import Sentence, say
from chainrule.processes.signals import deferred
from chainrule.training.progress import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rich.table import Table

    from chainrule.homework.exercise import Homework

SUFFIXES = (".py", ".ipynb")
PACKED = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
FOREIGN = {"__pycache__", "__MACOSX", "node_modules", "site-packages"}  # folders that no student wrote
FORMULA = ("=", "+", "-", "@")  # a spreadsheet computes a cell that begins like this
Job: TypeAlias = "Callable[[Submission, threading.Event], Checked]"
Check: TypeAlias = "Callable[[Submission, dict[Path, int]], Checked]"
LONGEST_WAIT = 0.2  # seconds
PACKED_ALONE = "There is no .py or .ipynb file in its folder. Unpack {archives} first."
LINK = Sentence("It is a link, which is not followed: hand in the file itself.")


@dataclass(frozen=True)
class Submission:
    """What one student sent in: a file, or the files below a folder, which then is ``folder``.

    ``number`` and ``late`` are what a learning platform wrote into the name.
    """

    name: str
    files: tuple[Path, ...]
    folder: Path | None = None
    problem: str = ""
    number: str = ""
    late: bool = False


@dataclass(frozen=True)
class GradedFolder:
    """What came of a folder of submissions, sorted by name; ``interrupted`` tells whether some were not reached."""

    checked: tuple[Checked, ...]
    interrupted: bool = False


def find_submissions(folder: Path) -> list[Submission]:
    """Return the submissions of a folder, sorted by name: each file, and each folder with what is below it.

    What is hidden, packed or made by a machine is left out.

    Raises
    ------
    InvalidValue
        Where there is none.
    """
    found: dict[Path, tuple[Path, ...]] = {}
    for path in _entries(folder):
        if path.is_symlink():
            found |= {path: ()} if path.is_dir() or _is_homework(path) else {}
        elif path.is_dir():
            found[path] = files_below(path)
        elif _is_homework(path):
            found[path] = (path,)
    if not any(found.values()):
        raise InvalidValue(f"There is no .py or .ipynb file in {folder}, nor in a folder in it.{_packed_there(folder)}")
    senders = {path: sender(_name(path)) for path in found}
    students = {(one.name, one.number or str(path)) for path, one in senders.items()}
    times = Counter(name for name, _ in students)
    named = {path: _submission(path, files, _called(path, senders[path], times)) for path, files in found.items()}
    numbered = {path: replace(one, number=senders[path].number, late=senders[path].late) for path, one in named.items()}
    return sorted(_together(numbered.values()), key=lambda one: one.name)


def _called(path: Path, one: Sender, times: Counter[str]) -> str:
    """Return a name that no other submission has."""
    if times[one.name] == 1:
        return one.name
    return f"{one.name} {one.number}" if one.number else path.name


def _together(submissions: Iterable[Submission]) -> list[Submission]:
    """Put the files of one student together that a platform hands out side by side; late is late."""
    found: dict[tuple[str, str], Submission] = {}
    for one in submissions:
        key = (one.name, one.number)
        if not one.number or one.folder is not None:
            key = (one.name, str(one.files or one.name))
        other = found.get(key)
        files = one.files if other is None else (*other.files, *one.files)
        found[key] = replace(one, files=files, late=one.late or (other is not None and other.late))
    return list(found.values())


def _submission(path: Path, files: tuple[Path, ...], name: str) -> Submission:
    if path.is_symlink():
        return Submission(name, (), problem=LINK)
    if not files and path.is_dir() and (archives := packed(path)):
        return Submission(name, (), path, problem=Sentence(PACKED_ALONE, archives=", ".join(archives)))
    return Submission(name, files, path if path.is_dir() else None)


def _name(path: Path) -> str:
    """Return a folder's name, or a file's without suffix."""
    return path.name if path.is_dir() else path.stem


def packed(folder: Path) -> list[str]:
    """Return the names of the archives in a folder, which nobody has unpacked yet."""
    return [path.name for path in _entries(folder) if path.is_file() and path.suffix.lower() in PACKED]


def one_students(folder: Path, homeworks: Mapping[str, Homework]) -> dict[str, tuple[Path, ...]]:
    """Return the files of a folder by the lab that handed them out, nothing where it is no single student's.

    It is one's where all of its own files are called as labs hand them out, each once, and no folder below has more. A
    sheet that is handed out as a notebook is called ``xor.ipynb`` in place of ``xor.py``.
    """
    entries = _entries(folder)
    files = [path for path in entries if path.is_file() and _is_homework(path)]
    beside = {name for homework in homeworks.values() for name in homework.beside}
    stems = [path.stem for path in files if path.name not in beside]
    found: dict[str, tuple[Path, ...]] = {}
    for lab, homework in homeworks.items():
        sheets = {Path(sheet.file).stem for sheet in homework.sheets}
        if not sheets.isdisjoint(stems):
            found[lab] = tuple(path for path in files if path.stem in sheets or path.name in homework.beside)
    known = {path for paths in found.values() for path in paths} | {path for path in files if path.name in beside}
    alone = len(set(stems)) == len(stems) and known == set(files)
    return found if alone and not any(path.is_dir() and files_below(path) for path in entries) else {}


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not _is_foreign(path))
    except OSError as error:
        raise InvalidFile(f"Cannot read {folder}: {error.strerror or error}.") from error


def files_below(folder: Path) -> tuple[Path, ...]:
    """Return the homework files below a folder, however deep, those on top first; links are not followed."""
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_foreign(Path(here, name)))
        paths = (Path(here, name) for name in sorted(files))
        found += (path for path in paths if _is_homework(path) and not path.is_symlink())
    return tuple(found)


def _is_homework(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _is_foreign(path: Path) -> bool:
    return path.name.startswith(".") or path.name in FOREIGN or (path / "pyvenv.cfg").exists()


def _packed_there(folder: Path) -> str:
    names = packed(folder)
    return f" Unpack {', '.join(names)} first." if names else ""


def lab_of(submissions: Sequence[Submission], homeworks: Mapping[str, Homework]) -> str:
    """Return the one lab that all submissions belong to.

    Raises
    ------
    InvalidValue
        Where they belong to several, or one of them cannot be told.
    """
    if len(submissions) == 1 and len(submissions[0].files) == 1:
        return recognise(submissions[0].files[0], homeworks)[0]
    found: dict[str, list[str]] = {}
    for submission in submissions:
        if submission.files:
            found.setdefault(_lab(submission, homeworks), []).append(submission.name)
    lost = found.pop("", [])
    if len(found) == 1 and not lost:
        return next(iter(found))
    several = f"These submissions are of several labs: {_listed(found)}. " if len(found) > 1 else ""
    unknown = f"Nothing tells which lab these are of: {_few(lost)}. " if lost else ""
    raise InvalidValue(
        f"{several}{unknown}Say with --lab which lab is to be checked; there are: {', '.join(homeworks)}."
    )


def _listed(found: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{lab} ({_few(names)})" for lab, names in found.items())


def _lab(submission: Submission, homeworks: Mapping[str, Homework]) -> str:
    """Return the lab that most of the files belong to, "" where none tells."""
    labs = []
    for path in submission.files:
        try:
            labs.append(recognise(path, homeworks)[0])
        except ChainruleError:
            continue
    return Counter(labs).most_common(1)[0][0] if labs else ""


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def check_one(submission: Submission, lab: str, homework: Homework, check: Check) -> Checked:
    """Check a submission: find its sheets among its files, and hand it to ``check`` with them."""
    if not submission.files:
        missing = say("There is no .py or .ipynb file in its folder.")
        return Checked(submission.name, lab, (), problem=say(submission.problem) or missing)
    sheets = match(submission.files, homework)
    if not sheets:
        wanted = ", ".join(sheet.file for sheet in homework.sheets)
        problem = say("None of its files looks like {wanted}.", wanted=wanted)
        return Checked(submission.name, lab, tuple(map(str, submission.files)), problem=problem)
    found = _told_apart(check(submission, sheets), sheets, homework)
    others = left_over(submission.files, sheets, homework)
    if not others:
        return found
    names = ", ".join(str(path) for path in others)
    remark = say("Not looked at, for its sheet is there already: {names}.", names=names)
    return replace(found, remarks=(*found.remarks, remark))


def _told_apart(found: Checked, sheets: Mapping[Path, int], homework: Homework) -> Checked:
    """Name the file with each function, where a lab has several; leave out lines of notebooks, which count in cells."""
    places = _places(homework)
    if len(places) != len(found.judged):
        return found
    notebooks = {number for path, number in sheets.items() if path.suffix.lower() == ".ipynb"}
    several = len(homework.sheets) > 1
    judged = tuple(
        replace(
            one,
            function=f"{homework.sheets[number].file}: {one.function}" if several else one.function,
            line=None if number in notebooks else one.line,
        )
        for one, number in zip(found.judged, places, strict=True)
    )
    return replace(found, judged=judged)


def only_sheets(found: Checked, numbers: Collection[int], homework: Homework) -> Checked:
    """Leave out the functions of the other sheets, and say so: of a file alone nobody wants to know that they lack."""
    places = _places(homework)
    others = [sheet.file for number, sheet in enumerate(homework.sheets) if number not in numbers]
    if not others or len(places) != len(found.judged):
        return found
    judged = tuple(
        replace(one, function=one.function.removeprefix(f"{homework.sheets[number].file}: "))
        for one, number in zip(found.judged, places, strict=True)
        if number in numbers
    )
    remark = "The lab {lab} asks for {files}, too. To check all of it, name the folder."
    return replace(found, judged=judged, remarks=(*found.remarks, say(remark, lab=found.lab, files=", ".join(others))))


def _places(homework: Homework) -> list[int]:
    """Return the number of the sheet of each function, in the order in which they are judged."""
    return [number for number, sheet in enumerate(homework.sheets) for _ in sheet.exercises]


def check_all(submissions: Sequence[Submission], lab: str, job: Job, *, jobs: int) -> GradedFolder:
    """Run ``job`` on every submission, as many at a time as ``jobs`` says, with a bar on a terminal.

    What it raises becomes the problem of that submission alone. Ctrl-C keeps what is done, however often it comes: the
    event that ``job`` is handed then says that it is to end.
    """
    stop = threading.Event()

    def whole(submission: Submission) -> Checked | None:
        found = None if stop.is_set() else job(submission, stop)
        return None if stop.is_set() else found  # what was ended is not judged

    done: list[Checked] = []
    with (
        warnings.catch_warnings(),
        deferred(stop.set),
        ThreadPoolExecutor(max_workers=jobs) as pool,
        ProgressBar("checking", len(submissions)) as bar,
    ):
        warnings.simplefilter("ignore")  # here and not in each thread, where the last to leave would keep them off
        waiting = {pool.submit(whole, one): one for one in submissions}
        for future in _as_they_end(waiting):
            submission = waiting[future]
            error = future.exception()
            found = _broken(submission, lab, error) if error else future.result()
            if found is not None:
                done.append(found)
            bar.show(len(done), lambda name=submission.name: visible(name))  # type: ignore[misc]
    return GradedFolder(tuple(sorted(done, key=lambda one: one.name)), interrupted=len(done) < len(submissions))


def _as_they_end(futures: Iterable[Future[Checked | None]]) -> Iterator[Future[Checked | None]]:
    """Yield each when it is done; a signal that comes just before a wait is seen only after it, so no wait is long."""
    left = set(futures)
    while left:
        done, left = wait(left, timeout=LONGEST_WAIT, return_when=FIRST_COMPLETED)
        yield from done


def _broken(submission: Submission, lab: str, error: BaseException) -> Checked:
    """Return what stands in the list for a submission on which we failed."""
    said = str(error)
    if not isinstance(error, ChainruleError):
        said = say("chainrule failed on it: {error}.", error=repr(error))
    return Checked(submission.name, lab, tuple(map(str, submission.files)), problem=said)


def write_csv(checked: Iterable[Checked], path: Path) -> Path:
    """Write a row a submission: name, points, worth, the points of each function, mistakes, problem, flags.

    Where a platform gave numbers, they stand after the name, with what is late.
    """
    checked = list(checked)
    functions = list(dict.fromkeys(judged.function for one in checked for judged in one.judged))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    numbered = any(one.number for one in checked)
    heads = ("name", *(("number", "late") if numbered else ()))
    writer.writerow(_cell(head) for head in (*heads, "points", "worth", *functions, "mistakes", "problem", "flags"))
    worth = max((one.worth for one in checked), default=0.0)
    for one in checked:
        points = {judged.function: amount(judged.points) for judged in one.judged}
        mistakes = dict.fromkeys(
            mistake.name for judged in one.judged for mistake in judged.verdict.mistakes if mistake.name
        )
        earned = (amount(one.points), amount(one.worth or worth), *(points.get(name, "") for name in functions))
        said = (clean(text).replace("\n", " ") for text in (one.problem, "; ".join(one.flags)))
        whose = (visible(one.name), *((one.number, "late" * one.late) if numbered else ()))
        row = (*whose, *earned, ";".join(mistakes), *said)
        writer.writerow(_cell(value) for value in row)
    return write_whole(path, buffer.getvalue())


def _cell(value: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute, whatever stands unseen before its formula.

    >>> _cell("=1+1"), _cell("anna")
    ("'=1+1", 'anna')
    """
    value = clean(value)
    as_read = "".join(sign for sign in unicodedata.normalize("NFKC", value) if sign.isprintable()).lstrip()
    return f"'{value}" if as_read.startswith(FORMULA) or value.startswith(("\t", "\r", "\n")) else value


def grade_table(checked: Sequence[Checked], hint: int | None = None) -> Table:
    """Return the table for the terminal: name, points, and the first thing that is not right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(say("name"), box=None, pad_edge=False)
    table.add_column(say("points"), justify="right")
    table.add_column(say("first trouble"))
    flagged = any(one.flags for one in checked)
    if flagged:
        table.add_column(say("flags"))
    for one in checked:
        points = "–" if one.problem else f"{amount(one.points)}/{amount(one.worth)}"
        flags = (Text(clean("; ".join(one.flags))),) if flagged else ()
        table.add_row(Text(visible(one.name)), points, Text(first_trouble(one, hint)), *flags)
    return table
