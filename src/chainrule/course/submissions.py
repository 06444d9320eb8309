"""Apart: a submission is run in a process of its own, with limits, and what it does there becomes a result.

A call that does not come back, an exit, a crash or a MemoryError costs one function, not the others. This is no
security sandbox: a student's code can read and write what you can, and reach the network. Whoever fears that runs the
check in a container or as another user. Windows and macOS lack some of it: Windows has no limit of memory and ends the
process but not those it started, macOS ignores the limit of memory.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule import labs
from chainrule.course.checked import Checked, Judged
from chainrule.errors import InvalidValue
from chainrule.files.scratch import scratch_folder
from chainrule.homework.exercise import NamedMistake, Verdict
from chainrule.processes.orphans import watched
from chainrule.sandbox.crashes import Theirs, capital, ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chainrule.homework.exercise import Homework, Sheet
    from chainrule.sandbox.crashes import Crash

ENOUGH_PIECES = 3  # that ended the process, before only definitions are run
MOST_STARTS = 40  # of processes for one file
TO_COPY = 50_000_000  # bytes of a submission's folder
MOST_COPIED = 2000  # files
TICK = 0.2  # seconds between two looks at the clock
AT_LEAST = 0.5  # seconds left for a process to be started
QUIET = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "PYTHONBREAKPOINT": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
WINDOWS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")  # where a student's code could open some


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds for one call of a function, memory, and seconds in total."""

    seconds: float = 10.0
    memory_gb: float = 4.0
    total: float = 180.0


def check_submission(
    name: str,
    files: Sequence[Path],
    lab: str,
    *,
    sheet_of: Mapping[Path, int],
    limits: Limits | None = None,
    copy: bool = False,
    picture: Path | None = None,
    stop: threading.Event | None = None,
) -> Checked:
    """Judge every function that a lab asks for.

    Parameters
    ----------
    name : str
        Whose it is.
    files : sequence of Path
        The files that answer a sheet; a sheet without one is to do.
    lab : str
        Name of a lab, or path of one.
    sheet_of : mapping of Path to int
        The number of the sheet that a file answers.
    limits : Limits, optional
    copy : bool
        Whether a copy is run, in a folder of its own: the whole folder where it bears the submission's name.
    picture : Path, optional
        Where a picture of what the functions learn goes, a .png; without it there is no training.
    stop : threading.Event, optional
        Ends what runs when it is set: what was not judged by then stays unjudged.

    Raises
    ------
    InvalidValue
        Where the lab has no homework.
    """
    began = time.monotonic()
    homework = labs.load(lab).homework
    if homework is None:
        raise InvalidValue(f"The lab {lab} has no homework to be checked.")
    bounds = limits or Limits()
    clock = Clock(began + bounds.total, stop or threading.Event())
    by_sheet: dict[int, Path] = {}
    for path in files:
        by_sheet.setdefault(sheet_of[path], Path(path))
    found: dict[int, Found] = {}
    with scratch_folder() as scratch:
        there = _copied(name, by_sheet, homework, scratch / "copy") if copy else by_sheet
        for number, path in sorted(there.items()):
            wants = picture is not None and not any(one.training for one in found.values())
            run = Run(path, lab, number, homework.sheets[number], bounds, clock, scratch)
            found[number] = run.all(picture.resolve() if wants and picture is not None else None)
    return _merged(name, lab, homework, by_sheet, found, time.monotonic() - began)


@dataclass(frozen=True)
class Clock:
    """When a submission's time is over, or somebody has had enough."""

    end: float
    stop: threading.Event

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return 0.0 if self.stop.is_set() else self.end - time.monotonic()

    def wait(self, process: subprocess.Popen[bytes]) -> int | None:
        """Wait for a process: its exit code, None where the time was over before."""
        while True:
            try:
                return process.wait(min(TICK, max(self.left, 0.0)))
            except subprocess.TimeoutExpired:
                if self.left <= 0.0:
                    return None


@dataclass
class Found:
    """What is known of a file, and what is still to be found out."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    fatal: list[str] = field(default_factory=list)
    first: dict[str, Verdict] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    problem: str = ""
    training: str = ""
    picture: str = ""
    done: bool = False


@dataclass(frozen=True)
class Run:
    """A file that is judged by one process after the other, until one of them comes to its end."""

    file: Path
    lab: str
    number: int
    sheet: Sheet
    limits: Limits
    clock: Clock
    scratch: Path

    def all(self, picture: Path | None) -> Found:
        """Start processes until everything is judged or the time is over."""
        found = Found()
        for _ in range(MOST_STARTS):
            if self.clock.left < AT_LEAST:
                break
            self._once(found, picture)
            if found.done or found.problem:
                break
        self._complete(found)
        return found

    def _once(self, found: Found, picture: Path | None) -> None:
        """Let one process do what it can, and note why it ended."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))  # whatever of an earlier process lives on does not write here
        results, stacks, job = (folder / name for name in ("results", "stacks", "job.json"))
        results.write_bytes(b"")
        stacks.write_bytes(b"")
        job.write_text(json.dumps(self._job(found, results, stacks, picture)), encoding="utf-8")
        code = _process(job, self.file.resolve().parent, self.clock)
        begun = self._read(results, found)
        if not found.done and not found.problem:
            crash = self._crash(code, stacks.read_text(encoding="utf-8", errors="replace"))
            self._blame(begun, crash, found)

    def _job(self, found: Found, results: Path, stacks: Path, picture: Path | None) -> dict[str, Any]:
        return {
            "file": str(self.file.resolve()),
            "lab": _lab_of(self.lab),
            "sheet": self.number,
            "results": str(results),
            "stacks": str(stacks),
            "seconds": self.limits.seconds,
            "memory_gb": self.limits.memory_gb,
            "known": {name: verdict.status for name, verdict in found.verdicts.items()},
            "fatal": found.fatal,
            "first": {name: asdict(verdict) for name, verdict in found.first.items()},
            "skip": list(found.skipped),
            "definitions_only": len(found.skipped) >= ENOUGH_PIECES,
            "picture": str(picture) if picture and not found.training else "",
        }

    def _read(self, results: Path, found: Found) -> dict[str, Any]:
        """Take over what a process found; return what it had begun last."""
        begun: dict[str, Any] = {}
        for note in _notes(results):
            with suppress(KeyError, TypeError, ValueError, AttributeError):  # a student's code wrote into the file
                begun = self._take(note, found) or begun
        return begun

    def _take(self, note: dict[str, Any], found: Found) -> dict[str, Any]:
        """Take over one line; return it where it says that something begins."""
        match note["what"]:
            case "read":
                found.lines = dict(note["lines"])
            case "remarks":
                found.remarks = [*map(str, note["remarks"])]
            case "nothing there":
                found.problem = str(note["told"])
            case "judged":
                found.verdicts[note["name"]] = _verdict(note["verdict"])
            case "training":
                found.training, found.picture = str(note["told"]), str(note.get("picture", ""))
            case "problem":
                found.problem = str(note["why"])
            case "failed":
                found.problem = f"chainrule could not judge it: {str(note['why']).strip().splitlines()[-1]}"
            case "done":
                found.done = True
            case _:
                return note
        return {}

    def _crash(self, code: int | None, stack: str) -> Crash | None:
        """Say why a process ended before its end, None where the time in total was over."""
        if code is None:
            return None
        folder = self.file.resolve().parent
        return ended(code, stack, Theirs(self.file.name, str(folder)), self._line, self.limits.seconds)

    def _line(self, file: str, number: int) -> str:
        """Return a line of a student's file, "" where it is not to be had: a notebook has none."""
        path = self.file if file == self.file.name else Path(file)
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.suffix == ".py" else []
        except (OSError, ValueError):
            return ""
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _blame(self, begun: dict[str, Any], crash: Crash | None, found: Found) -> None:
        """Note what a process was doing when it ended, so that the next does not do it again."""
        over = f"The {self.limits.total:g} seconds for the whole file were over"
        sentence = crash.sentence if crash else f"{over} while it ran."
        where = crash.where if crash else ""
        match begun.get("what"):
            case "piece":
                told = sentence[:1].lower() + sentence[1:].removesuffix(".")
                found.skipped[int(begun["number"])] = f"{begun['place']}: {told}; the rest was read all the same."
            case "judging" if begun["again"] and crash:
                found.first[begun["name"]] = Verdict("crashed", clues=(sentence,), where=where)
            case "judging":
                name = begun["name"]
                found.verdicts[name] = found.first.get(name, Verdict("crashed", clues=(sentence,), where=where))
                found.fatal.append(name)
            case "begin training":
                found.training = f"No picture of a training with your functions: {sentence}"
            case _:
                found.problem = f"It could not be run. {sentence}"

    def _complete(self, found: Found) -> None:
        """Give a verdict to what no process came to, and put the remarks together."""
        found.remarks = [*found.skipped.values(), *found.remarks]
        if len(found.skipped) >= ENOUGH_PIECES:
            found.remarks.append(f"{self.file.name}: after that, only imports, functions, classes and names were read.")
        if found.problem:
            return
        clue = f"It was not judged: the {self.limits.total:g} seconds for the whole file were over before its turn."
        for exercise in self.sheet.exercises:
            first = found.first.get(exercise.function, Verdict("crashed", clues=(clue,)))
            found.verdicts.setdefault(exercise.function, first)


def _lab_of(lab: str) -> str:
    """Return a lab's name, or its path from wherever one looks."""
    return str(Path(lab).resolve()) if Path(lab).suffix == ".py" and Path(lab).exists() else lab


def _notes(results: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are JSON."""
    for line in results.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            note = json.loads(line)
        except ValueError:
            continue
        if isinstance(note, dict):
            yield note


def _verdict(fields: dict[str, Any]) -> Verdict:
    """Return a verdict that JSON has held."""
    mistakes = tuple(NamedMistake(**one) for one in fields["mistakes"])
    return Verdict(fields["status"], float(fields["share"]), mistakes, tuple(fields["clues"]), fields["where"])


# Processes.


def _process(job: Path, folder: Path, clock: Clock) -> int | None:
    """Run a worker, and all that it starts; return its exit code, None where the time was over."""
    environment = {name: value for name, value in os.environ.items() if name not in WINDOWS} | QUIET
    with watched(job.parent.parent) as (python, descriptors):
        try:
            process = subprocess.Popen(  # noqa: S603  # our own module
                [*python, "chainrule.course.worker", str(job)],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=descriptors,
            )
        except OSError as error:
            raise InvalidValue(f"Python cannot be started as {sys.executable}: {error.strerror or error}.") from error
        try:
            return clock.wait(process)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, whatever they do."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # it is its group's leader: the numbers are the same
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


# Copies.


def _copied(name: str, by_sheet: Mapping[int, Path], homework: Homework, to: Path) -> dict[int, Path]:
    """Copy a submission into a folder of its own: its files, or the whole folder that bears its name."""
    to.mkdir()
    copies: dict[int, Path] = {}
    for number, path in by_sheet.items():
        folder = path.resolve().parent
        within = _own_folder(name, folder)
        if within is not None:
            _copy_folder(within, to)
        copies[number] = to / (folder.relative_to(within) if within is not None else "") / path.name
        _copy(path, copies[number])
        _copy(path, copies[number].with_name(homework.sheets[number].file))  # as the other files import it
    for folder in {path.parent for path in copies.values()}:
        for beside, original in homework.beside.items():
            _copy(original, folder / beside)
    return copies


def _own_folder(name: str, folder: Path) -> Path | None:
    """Return the folder that bears the submission's name, this one or one above, None where there is none."""
    return next((one for one in (folder, *folder.parents) if one.name == name), None)


def _copy_folder(folder: Path, to: Path) -> None:
    """Copy the plain files of a folder as long as they are not too many."""
    left = TO_COPY
    for path in _plain_files(folder):
        left -= path.stat().st_size
        if left < 0:
            return
        _copy(path, to / path.relative_to(folder))


def _plain_files(folder: Path) -> Iterable[Path]:
    found = (Path(here, name) for here, _, names in os.walk(folder) for name in sorted(names))
    plain = (path for path in found if path.is_file() and not path.is_symlink())
    return (path for path, _ in zip(plain, range(MOST_COPIED), strict=False))


def _copy(path: Path, to: Path) -> None:
    """Copy a file where there is none yet; one that cannot be read is missed when it is run."""
    if to.exists() or not path.is_file():
        return
    with suppress(OSError):
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


# Results.


def _merged(
    name: str, lab: str, homework: Homework, files: Mapping[int, Path], found: Mapping[int, Found], seconds: float
) -> Checked:
    """Put together what was found in the files, in the order of the sheets."""
    problems = [one.problem for one in found.values() if one.problem]
    remarks = tuple(remark for one in found.values() for remark in one.remarks)
    checked = Checked(name, lab, tuple(str(files[number]) for number in sorted(files)), seconds=seconds)
    if problems and len(problems) == len(found):
        return replace(checked, problem=" ".join(problems), remarks=remarks)
    judged = [one for number, sheet in enumerate(homework.sheets) for one in _judged(sheet, found.get(number))]
    return replace(
        checked,
        judged=tuple(judged),
        remarks=(*problems, *remarks),
        picture=next((one.picture for one in found.values() if one.picture), ""),
        training=next((one.training for one in found.values() if one.training), ""),
    )


def _judged(sheet: Sheet, found: Found | None) -> Iterator[Judged]:
    """Yield the functions of a sheet with their points."""
    for exercise in sheet.exercises:
        if found is None:
            verdict, line = Verdict("to do", clues=(f"There is no {sheet.file}.",)), None
        elif found.problem:
            verdict, line = Verdict("crashed", clues=(capital(found.problem),)), None
        else:
            verdict, line = found.verdicts[exercise.function], found.lines.get(exercise.function)
        yield Judged(exercise.function, verdict, round(exercise.points * verdict.share, 2), exercise.points, line)
