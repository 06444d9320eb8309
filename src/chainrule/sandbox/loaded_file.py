"""A submission's file in its process: run piece by piece, then asked for what its functions return."""

from __future__ import annotations

import marshal
import os
import re
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.language.translation import say
from chainrule.sandbox import wire
from chainrule.sandbox.crashes import Crash, Places, said, said_cell
from chainrule.sandbox.process import Clock, Ended, Limits, Process, ready
from chainrule.sandbox.remote import Raised, Remote, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chainrule.sandbox.student_file import Piece, StudentFile

ENOUGH_PIECES = 3  # that ended the process, before only definitions are run
MOST_STARTS = 40  # of processes for one file
LARGEST_FILE = 8_000_000  # bytes of one that goes with a submission
LARGEST_ALL = 50_000_000
MOST_FILES = 2000
LONGEST_TEXT = 200_000
IMPORTS = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([\w., \t]+)", re.MULTILINE)
DRAWING = ("matplotlib", "pylab", "seaborn", "pandas")


@dataclass(frozen=True)
class Description:
    """What a submission has under a name, "missing", "function", "class" or "other": all of it its own word."""

    kind: str
    type: str
    at: tuple[str, int] | None
    first_line: str


@dataclass
class LoadedFile:
    """A file that runs in a process, in another one whenever that ended.

    Attributes
    ----------
    file : StudentFile
    belongings : dict of str to bytes
        The files it finds in its folder, by their path there, itself among them.
    limits : Limits
    clock : Clock
    remarks : list of str
        What was left out, and which lines raised.
    lacking : list of str
        What the system could not do to shut it in.
    problem : str
        Why it cannot be run at all, or "".
    """

    file: StudentFile
    belongings: Mapping[str, bytes]
    limits: Limits
    clock: Clock
    remarks: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    problem: str = ""
    _skipped: dict[int, str] = field(default_factory=dict)
    _starts: int = 0
    _session: Session | None = None
    _folder: str = ""
    _coming: Process | None = None

    def prepare(self) -> None:
        """Start a process that gets ready while something else is done."""
        self._coming = ready(self.limits, self.clock)

    @property
    def session(self) -> Session:
        """The conversation with the process, a new one where it ended."""
        while self._session is None:
            self._start()
        return self._session

    @property
    def module(self) -> Remote:
        """The submission's module."""
        return self.session.module

    @property
    def places(self) -> Places:
        """Which lines are the student's."""
        return Places(self.file, self._folder, self.limits.memory_gb)

    def _start(self) -> None:
        """Start a process, and run the pieces in it; the next one leaves out what ended this one."""
        self._starts += 1
        if self._starts > MOST_STARTS:
            raise Ended
        process, self._coming = self._coming or Process(self.limits, self.clock), None
        process.wait()
        self.lacking, self._folder = process.lacking, process.folder
        session = self._session = Session(process, self.limits.seconds)
        self._send_files(session)
        name = next(iter(self.belongings))
        short = sum(map(len, self.file.texts.values())) <= LONGEST_TEXT  # what a traceback of theirs quotes
        session.request("begin", file=name, texts=self.file.texts if short else {}, name=self.file.name)
        remarks = list(map(say, self.file.remarks))
        for number, piece in enumerate(self.file.pieces):
            if number in self._skipped or (len(self._skipped) >= ENOUGH_PIECES and not piece.defines):
                continue
            try:
                self._run_piece(session, piece, remarks)
            except Ended as error:
                self.end()
                told = "{place}: {why} The rest was read all the same."
                self._skipped[number] = say(told, place=_said_place(piece.place), why=self.crash(error).sentence)
                if self.clock.left <= 0:
                    raise
                return
        self.remarks = [*self._skipped.values(), *remarks]
        if len(self._skipped) >= ENOUGH_PIECES:
            told = say("{name}: after that, only imports, functions, classes and names were read.", name=self.file.name)
            self.remarks.append(told)

    def _run_piece(self, session: Session, piece: Piece, remarks: list[str]) -> None:
        """Run a piece of the file; what it raises is a remark."""
        session.begin(self.limits.seconds)
        try:
            session.request("piece", [_bytes(marshal.dumps(piece.code))])
        except Raised as error:
            frame = self.places.last(error)
            place = f"{frame.file}, line {frame.line}" if frame and frame.file in self.file.texts else piece.place
            told = "{place}: it raised {error}; the rest was read all the same."
            remarks.append(say(told, place=_said_place(place), error=said(error)))

    def _send_files(self, session: Session) -> None:
        """Send what belongs to the submission, a few files at a time."""
        names, size = list[str](), 0
        for name, content in self.belongings.items():
            if names and size + len(content) > wire.LARGEST_BODY:
                session.request("files", [_bytes(self.belongings[one]) for one in names], names=names)
                names, size = [], 0
            names.append(name)
            size += len(content)
        session.begin(60.0)
        session.request("files", [_bytes(self.belongings[one]) for one in names], names=names)

    def end(self) -> None:
        """End the process."""
        for process in (self._coming, self._session.process if self._session is not None else None):
            if process is not None:
                process.end()
        self._coming = self._session = None

    def crash(self, error: Ended) -> Crash:
        """Say why the process ended."""
        if self.clock.left <= 0:
            told = say("The {total:g} seconds for the whole file were over while it ran.", total=self.limits.total)
            return Crash(told)
        return self.places.ended(error, self.limits.seconds, 9 * self.limits.seconds)

    def describe(self, names: Iterable[str]) -> dict[str, Description]:
        """Say what the module has under these names."""
        asked = list(names)
        found = self.session.request("describe", names=asked)
        described: dict[str, Description] = {}
        for name, one in zip(asked, found if isinstance(found, list) else [], strict=False):
            kind, type_name, at, first_line = (
                one if isinstance(one, list) and len(one) == 4 else ("missing", "", None, "")
            )
            place = (str(at[0]), at[1]) if isinstance(at, list) and len(at) == 2 and isinstance(at[1], int) else None
            described[name] = Description(str(kind), str(type_name), place, str(first_line))
        return described

    def run(self, parcel: bytes) -> Any:
        """Run a function of the judge's in the process, as ``parcel.packed`` has packed it, on the module."""
        return self.session.request("run", [_bytes(parcel)])

    @contextmanager
    def standing_in(self, text: str, file: str, names: list[str]) -> Iterator[list[str]]:
        """Put functions of a text into the module for a while; the list says afterwards which of them were called."""
        used: list[str] = []
        session = self.session
        if names:
            session.request("stand_in", text=text, file=file, names=names)
        yield used
        if names and session is self._session:
            with suppress(Raised):
                called = session.request("step_back")
                told = {one for one in called if isinstance(one, str)} if isinstance(called, list) else set()
                used += [name for name in names if name in told]


def _said_place(place: str) -> str:
    """Say ``"xor.py, line 3"`` or ``"xor.ipynb, cell 2, line 1"``."""
    part, _, line = place.rpartition(", line ")
    name, comma, cell = part.partition(", ")
    return f"{name}{comma}{said_cell(cell)}, {say('line {number}', number=line)}"


def _bytes(data: bytes) -> Any:
    return np.frombuffer(data, np.uint8)


@contextmanager
def opened(
    file: StudentFile,
    belongings: Mapping[str, bytes] | None = None,
    *,
    limits: Limits | None = None,
    clock: Clock | None = None,
) -> Iterator[LoadedFile]:
    """Run a file in a process that is gone, with all it started and wrote, at the end of the ``with``.

    Parameters
    ----------
    file : StudentFile
        What ``read`` returned.
    belongings : dict of str to bytes, optional
        The files it finds in its folder, itself first; without it, itself alone.
    limits : Limits, optional
    clock : Clock, optional
        When its time is over; without it, after the seconds that the limits give in total.
    """
    bounds = limits or Limits()
    until = clock or Clock(time.monotonic() + bounds.total, threading.Event())
    own = belongings or {file.path.name: file.path.read_bytes()}
    loaded = LoadedFile(file, own, bounds, until)
    loaded.prepare()
    try:
        yield loaded
    finally:
        loaded.end()


def gathered(path: Path, folder: Path | None, *, alone: bool) -> dict[str, bytes]:
    """Return what goes into a submission's folder with a file, by its path there, the file first.

    Of a submission that is a folder, all that is in it. Of a file, where it is one of many (not ``alone``), itself;
    else also what lies beside it and is data, or is imported by name. Links are not followed.
    """
    root = path.parent if folder is None else folder
    name = str(PurePosixPath(path.relative_to(root)))
    found = {name: path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""}  # a notebook of pictures
    around = _below(folder) if folder is not None else _needed(path) if alone else iter(())
    left = LARGEST_ALL
    for one in around:
        with suppress(OSError):
            size = one.stat().st_size
            left -= size
            if left < 0 or len(found) > MOST_FILES:
                break
            if size <= LARGEST_FILE:
                found.setdefault(str(PurePosixPath(one.relative_to(root))), one.read_bytes())
    return found | _fonts(found)


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one != "__pycache__")
        paths = (Path(here, name) for name in sorted(names))
        yield from (one for one in paths if one.is_file() and not one.is_symlink())


def _needed(path: Path) -> Iterator[Path]:
    """Yield the files beside one that are data, and those that it imports, or that one of these imports."""
    beside = sorted(one for one in path.parent.iterdir() if one.is_file() and not one.is_symlink())
    modules = {one.stem: one for one in beside if one.suffix == ".py" and one != path}
    todo = [path]
    while todo:
        for names in IMPORTS.findall(todo.pop().read_bytes()[:LARGEST_FILE]):
            for name in re.split(rb"[,\s.]+", names):
                if (module := modules.pop(name.decode("ascii", "ignore"), None)) is not None:
                    yield module
                    todo.append(module)
    yield from (one for one in beside if one.suffix.lower() not in (".py", ".ipynb") and not one.name.startswith("."))


def _fonts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return Matplotlib's list of fonts, which takes it seconds to make, for those that draw."""
    if not any(name.encode() in content for name in DRAWING for content in files.values()):
        return {}
    own = os.environ.get("MPLCONFIGDIR")
    places = [Path(own)] if own else [Path.home() / ".cache" / "matplotlib", Path.home() / ".matplotlib"]
    lists = (one for place in places if place.is_dir() for one in place.glob("fontlist-*.json"))
    return {f".matplotlib/{one.name}": one.read_bytes() for one in lists if one.stat().st_size < LARGEST_FILE}
