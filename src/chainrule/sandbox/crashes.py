"""Crashes: where in a student's file something went wrong, and what it was, in words for the student."""

from __future__ import annotations

import re
import signal
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from chainrule.check.calling import StudentError
from chainrule.sandbox.loading import plain, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.sandbox.loading import Source

    Line: TypeAlias = Callable[[str, int], str]  # (file, line number) -> its text, "" if unknown

OURS = str(Path(__file__).parents[1])  # the folder of chainrule
LIBRARIES = ("site-packages", "dist-packages")
FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)$')
BLOCK = re.compile(r"\(most recent call first\):")
SHAPES = re.compile(r"matmul|not aligned|could not be broadcast")
TIMEOUT = re.compile(r"^Timeout \((\d+):(\d+):(\d+(?:\.\d+)?)\)!")


@dataclass(frozen=True)
class Frame:
    """A line that was being run: in which file, and in which function."""

    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Theirs:
    """Which files are a student's: the one handed in, by the name its code carries, and those beside it."""

    name: str
    folder: str

    def has(self, file: str) -> bool:
        """Whether a file, as Python names it in a frame, is theirs."""
        if file == self.name or file.startswith(f"{self.name}, cell "):
            return True
        beside = file.startswith(self.folder) and not file.startswith(OURS)
        return beside and not any(library in file for library in LIBRARIES)

    def place(self, frame: Frame) -> str:
        """Say where a frame is: ``"line 57, in forward"``, with the file where it is another one, or the cell."""
        inside = "" if frame.function.startswith("<") else f", in {frame.function}"
        if frame.file.startswith(f"{self.name}, "):
            return f"{frame.file.removeprefix(f'{self.name}, ')}, line {frame.line}{inside}"
        other = "" if frame.file == self.name else f"{Path(frame.file).name}, "
        return f"{other}line {frame.line}{inside}"


@dataclass(frozen=True)
class Crash:
    """What is said of a crash: its place, which alone is the first level of help, and all of it."""

    sentence: str
    where: str = ""


# Errors that Python raised.


def raised(error: BaseException, theirs: Theirs, source: Source, memory_gb: float) -> Crash | None:
    """Say what a student's code raised and in which line; None where none of its lines is among the frames."""
    for one in _causes(error):
        frame = last_frame(one, theirs)
        if frame is not None:
            place = capital(theirs.place(frame))
            text = plain(source.line(frame.file, frame.line), 80)
            line = f"{place}: `{text}`" if text else f"{place}:"
            return Crash(f"{line} {_what(one, memory_gb)}", f"Look at {theirs.place(frame)}.")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what a student's code raised before what we made of it."""
    chain = [error]
    while chain[-1].__cause__ is not None and len(chain) < 10 and isinstance(chain[-1], Exception):
        chain.append(chain[-1].__cause__)
    ours = [one for one in chain if isinstance(one, StudentError) or type(one).__module__.startswith("chainrule.")]
    yield from (one for one in chain if one not in ours)
    yield from ours


def root(error: BaseException) -> BaseException:
    """Return what a student's code raised, where we only handed it on."""
    while isinstance(error, StudentError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def last_frame(error: BaseException, theirs: Theirs) -> Frame | None:
    """Return the innermost frame of an error that is in a student's file."""
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if theirs.has(frame.f_code.co_filename):
            found = Frame(frame.f_code.co_filename, line, frame.f_code.co_name)
    return found


def _what(error: BaseException, memory_gb: float) -> str:
    if isinstance(error, MemoryError):
        return f"asked for more memory than {memory_gb:g} GB."
    if isinstance(error, RecursionError):
        return "calls itself without end (RecursionError). Which case ends it?"
    if isinstance(error, SystemExit):
        return "ended the program (it raised SystemExit). A function returns; it does not exit."
    if isinstance(error, ValueError) and SHAPES.search(str(error)):
        return f"raised {said(error)} Look at the shapes: samples are rows, W is (n_in, n_out), so A @ W and dZ @ W.T."
    return f"raised {said(error)}"


# Processes that ended, and the stacks that they left.


def innermost(stack: str, theirs: Theirs) -> Frame | None:
    """Return the innermost line of a student's file in what faulthandler wrote.

    The thread that is at fault is the current one of a fatal error; of a timeout, the main one, which comes last.
    """
    blocks = BLOCK.split(stack)[1:]
    if not blocks:
        return None
    known = {ascii_only(theirs.name): theirs.name, ascii_only(theirs.folder): theirs.folder}
    ordered = blocks if "Current thread" in stack else blocks[::-1]
    for block in ordered:
        found = (FRAME.match(line) for line in block.splitlines())
        frames = [Frame(_unescaped(one[1], known), int(one[2]), _unescaped(one[3], known)) for one in found if one]
        own = [frame for frame in frames if theirs.has(frame.file)]
        if own:
            return own[0]
    return None


def ascii_only(text: str) -> str:
    r"""Write a name as faulthandler does.

    >>> print(ascii_only("Jörg.py"))
    J\xf6rg.py
    """
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _unescaped(text: str, known: dict[str, str]) -> str:
    for written, name in known.items():
        if text.startswith(written):
            return name + text[len(written) :]
    return text


def timeout(stack: str) -> float | None:
    """Return the seconds after which faulthandler ended the process, None where it did not.

    >>> timeout("Timeout (0:01:30.500000)!")
    90.5
    """
    found = TIMEOUT.match(stack)
    return None if found is None else 3600 * int(found[1]) + 60 * int(found[2]) + float(found[3])


def ended(code: int, stack: str, theirs: Theirs, line: Line, seconds: float) -> Crash:
    """Say why a process is no more: it took too long, or it ended itself, with the line it was at."""
    frame = innermost(stack, theirs)
    place = "" if frame is None else theirs.place(frame)
    text = "" if frame is None else plain(line(frame.file, frame.line), 80)
    at = f"{place}: `{text}`" if text else place
    where = f"Look at {place}." if place else ""
    took = timeout(stack)
    if took is None:
        return Crash(f"It ended the Python process ({_exit(code)}){f'; it was at {at}' if at else ''}.", where)
    if abs(took - seconds) < 0.001 or not at:
        return Crash(
            f"It did not come back within {took:g} second{'s' * (took != 1)}{f'; it was at {at}' if at else ''}.", where
        )
    return Crash(f"All calls together took too long, more than {took:.0f} seconds; the last was at {at}.", where)


def _exit(code: int) -> str:
    """Say how a process ended.

    >>> _exit(3), _exit(-11)
    ('exit code 3', 'Segmentation fault')
    """
    if code >= 0:
        return f"exit code {code}"
    said_of_it = signal.strsignal(-code) if -code in signal.valid_signals() else None
    return said_of_it or f"signal {-code}"


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]
