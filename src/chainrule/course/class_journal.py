"""A class's journal: a class's results as they come, a line each, so that a check that was broken off can go on."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

import chainrule
from chainrule.course.checked import Checked
from chainrule.errors import InvalidFile
from chainrule.files.atomic import is_straight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chainrule.course.grading import Submission
    from chainrule.homework.exercise import Homework


class Line(msgspec.Struct):
    """A result, and the mark of what it is of."""

    mark: str
    checked: Checked


class ClassJournal:
    """The results of a class beside its table of points, ``grades.csv.partial``; none where there is no path.

    Parameters
    ----------
    path : Path or None
    homework : Homework
    conditions : object
        What else the results depend on: limits.
    resume : bool
        Whether what is written there is taken over, of submissions that did not change.
    """

    def __init__(self, path: Path | None, homework: Homework, conditions: object, *, resume: bool = False) -> None:
        self._path = path
        self._lock = threading.Lock()
        solutions = (sheet.solution.read_bytes() for sheet in homework.sheets)
        self._base = _hash(chainrule.__version__.encode(), repr(conditions).encode(), *solutions)
        self._known = {line.mark: line.checked for line in _lines(path)} if path is not None and resume else {}
        if path is not None and not resume:
            self._write(path, b"", "wb")

    def once(self, submission: Submission, stop: threading.Event, job: Callable[[], Checked]) -> Checked:
        """Return what is known of a submission, or do the job and note what comes of it."""
        if self._path is None:
            return job()
        mark = _hash(self._base, submission.name.encode("utf-8", "surrogatepass"), *_contents(submission))
        with self._lock:
            known = self._known.get(mark.hex())
        if known is not None:
            return known
        checked = job()
        if not stop.is_set():
            with self._lock:
                self._write(self._path, msgspec.json.encode(Line(mark.hex(), _sound(checked))) + b"\n", "ab")
        return checked

    @property
    def kept(self) -> bool:
        """Whether there is a file."""
        return self._path is not None

    def finish(self) -> None:
        """Remove it: everything is in the table."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _write(self, path: Path, data: bytes, mode: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open(mode) as file:
                file.write(data)
        except OSError as error:
            raise InvalidFile(f"Cannot write {path}: {error.strerror or error}.") from error


def beside(path: Path | None) -> Path | None:
    """Return where the journal of a table of points is; none where the table goes into a pipe or a device."""
    return None if path is None or is_straight(path) else path.with_name(f"{path.name}.partial")


def _lines(path: Path) -> Iterator[Line]:
    """Yield the lines that are whole."""
    with suppress(OSError):
        for line in path.read_bytes().splitlines():
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                yield msgspec.json.decode(line, type=Line)


def _sound(checked: Checked) -> Checked:
    """Return a result whose texts JSON can hold."""
    data: Any = msgspec.to_builtins(checked)
    return msgspec.convert(_without_surrogates(data), Checked)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_surrogates(one) for key, one in value.items()}
    return value


def _contents(submission: Submission) -> Iterator[bytes]:
    """Yield what a submission is made of: its files, and what lies beside them in its folder."""
    for path in submission.files:
        yield os.fsencode(path)
        with suppress(OSError):
            yield path.read_bytes()
    for path in sorted(submission.folder.rglob("*")) if submission.folder else ():
        with suppress(OSError):
            about = path.lstat()
            yield f"{os.fsencode(path)!r} {about.st_size} {about.st_mtime_ns}".encode()


def _hash(*parts: bytes) -> bytes:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little") + part)
    return found.digest()
