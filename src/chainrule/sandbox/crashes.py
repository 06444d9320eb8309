"""Crashes: where in a submission something went wrong, and what it was, in words for the student.

All that is known of it comes from the submission's own process: it is shown, and nothing depends on it.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.language.translation import Sentence, fields_in, say
from chainrule.sandbox.decoding import plain
from chainrule.sandbox.remote import Raised

if TYPE_CHECKING:
    from chainrule.sandbox.process import Ended
    from chainrule.sandbox.student_file import StudentFile

LIBRARIES = ("site-packages", "dist-packages")
FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)$')
BLOCK = re.compile(r"\(most recent call first\):")
SHAPES = re.compile(r"matmul|not aligned|could not be broadcast")
LOOK_AT_SHAPES = Sentence(
    "Look at the shapes on both sides: a product by @ wants as many columns on its left as rows on its right, and "
    "samples are rows."
)
DISTURBED = Sentence("It disturbed the process that it runs in: what came back was no answer.")
ENDLESS = "It did not come back within {seconds:g} seconds{at}."
ENDLESS_SECOND = "It did not come back within 1 second{at}."


@dataclass(frozen=True)
class Crash:
    """What is said of a crash: its place, which alone is the first level of help, and all of it."""

    sentence: str
    where: str = ""


@dataclass(frozen=True)
class Frame:
    """A line that was being run: in which file, and in which function."""

    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Places:
    """Which files are a student's: the one handed in, by the name its code carries, and those in its folder."""

    file: StudentFile
    folder: str
    memory_gb: float = 4.0

    def has(self, file: str) -> bool:
        """Whether a file, as Python names it in a frame, is theirs."""
        if file in self.file.texts:
            return True
        return file.startswith(f"{self.folder}/") and not any(library in file for library in LIBRARIES)

    def place(self, frame: Frame) -> str:
        """Say where a frame is: ``"line 57, in forward"``, with the file where it is another one, or the cell."""
        inside = "" if frame.function.startswith("<") else say(", in {name}", name=plain(frame.function, 60))
        line, name = say("line {number}", number=frame.line), self.file.name
        if frame.file.startswith(f"{name}, "):
            return f"{said_cell(frame.file.removeprefix(f'{name}, '))}, {line}{inside}"
        other = "" if frame.file == name else f"{plain(Path(frame.file).name, 60)}, "
        return f"{other}{line}{inside}"

    def last(self, error: Raised) -> Frame | None:
        """Return the innermost frame of an error that is in a student's file."""
        own = [Frame(*frame) for frame in error.frames if self.has(frame[0])]
        return own[-1] if own else None

    def raised(self, error: Raised) -> Crash | None:
        """Say what a student's code raised and in which line; None where none of its lines is among the frames."""
        frame = self.last(error)
        if frame is None:
            return None
        place = capital(self.place(frame))
        text = plain(self.file.line(frame.file, frame.line), 80)
        line = f"{place}: `{text}`" if text else f"{place}:"
        return Crash(f"{line} {self._what(error)}", say("Look at {place}.", place=self.place(frame)))

    def _what(self, error: Raised) -> str:
        if "MemoryError" in error.kinds:
            return say("asked for more memory than {memory:g} GB.", memory=self.memory_gb)
        if "RecursionError" in error.kinds:
            return say("calls itself without end (RecursionError). Which case ends it?")
        if "SystemExit" in error.kinds:
            return say("ended the program (it raised SystemExit). A function returns; it does not exit.")
        if "ValueError" in error.kinds and SHAPES.search(error.text):
            return say("raised {error} {advice}", error=said(error), advice=LOOK_AT_SHAPES)
        return say("raised {error}", error=said(error))

    def ended(self, error: Ended, seconds: float, total: float) -> Crash:
        """Say why a process is no more: it took too long, or it ended itself, with the line it was at."""
        frame = self._innermost(error.stack)
        place = "" if frame is None else self.place(frame)
        text = "" if frame is None else plain(self.file.line(frame.file, frame.line), 80)
        line = f"{place}: `{text}`" if text else place
        at = say("; it was at {line}", line=line) if line else ""
        where = say("Look at {place}.", place=place) if place else ""
        if error.took == 0:
            return Crash(say(DISTURBED))
        if error.took is not None and error.took >= 0.999 * seconds:
            return Crash(say(ENDLESS_SECOND if seconds == 1 else ENDLESS, seconds=seconds, at=at), where)
        if error.took is not None:
            at = say("; the last was at {line}", line=line) if line else ""
            told = say("All calls together took too long, more than {total:.0f} seconds{at}.", total=total, at=at)
            return Crash(told, where)
        return Crash(say("It ended the Python process ({how}){at}.", how=_exit(error.code), at=at), where)

    def _innermost(self, stack: str) -> Frame | None:
        """Return the innermost line of a student's file in what faulthandler wrote, the current thread's first."""
        blocks = BLOCK.split(stack)
        order = sorted(range(1, len(blocks)), key=lambda k: "Current thread" not in blocks[k - 1].splitlines()[-1:][0])
        known = {_ascii(name): name for name in (*self.file.texts, self.folder)}
        for k in order:
            found = (FRAME.match(line) for line in blocks[k].splitlines())
            frames = [Frame(_unescaped(one[1], known), int(one[2][:9]), one[3]) for one in found if one]
            own = [frame for frame in frames if self.has(frame.file)]
            if own:
                return own[0]
        return None


def is_endless(told: str) -> bool:
    """Whether this is how one says that a function did not come back in time."""
    return any(fields_in(told, say(one)) is not None for one in (ENDLESS, ENDLESS_SECOND))


def said_cell(place: str) -> str:
    """Say ``"cell 3"``, which is what frames call it."""
    found = re.fullmatch(r"cell (\d+)", place)
    return say("cell {number}", number=found[1]) if found else place


def raised_in(error: BaseException | None) -> Raised | None:
    """Return what a submission's code raised, where this is what became of it; None for an error of ours."""
    for _ in range(10):
        if error is None or isinstance(error, Raised):
            return error
        error = error.__cause__
    return None


def said(error: Raised) -> str:
    """Say an error as Python does, ``"ValueError: message"``, in a line of bearable length."""
    kind, text = plain(error.kinds[0], 60) if error.kinds else say("an error"), plain(error.text)
    text = say(text) if "EOFError" in error.kinds else text  # which our own program raises
    return f"{kind}: {text}" if text else kind


def _ascii(text: str) -> str:
    r"""Write a name as faulthandler does.

    >>> print(_ascii("Jörg.py"))
    J\xf6rg.py
    """
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _unescaped(text: str, known: dict[str, str]) -> str:
    if text in known:
        return known[text]
    return next((name + text[len(written) :] for written, name in known.items() if text.startswith(written)), text)


def _exit(code: int | None) -> str:
    """Say how a process ended.

    >>> _exit(3), _exit(-11)
    ('exit code 3', 'Segmentation fault')
    """
    if code is None:
        return say("nobody knows how")
    if code >= 0:
        return say("exit code {code}", code=code)
    said_of_it = signal.strsignal(-code) if -code in signal.valid_signals() else None
    return said_of_it or f"signal {-code}"


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]
