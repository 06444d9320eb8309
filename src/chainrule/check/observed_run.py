"""Observed runs: a student's own program is run as it is, and what its names hold is looked at, line by line.

The run is bounded by counted lines, and by seconds of the processor; what it prints is not shown, it is asked nothing,
and it leaves nothing behind in the generators of random numbers.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.observed_values import arrays_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import CodeType, FrameType

    from chainrule.check.observed_values import Arrays

MOST_LINES = 60_000  # that a program may run
MOST_SECONDS = 4.0  # of the processor
MOST_LOOKS = 8  # at one place
MOST_LOOKS_IN_ALL = 500
MOST_AGAIN = 8  # later calls of what loops in itself: it may train another network each time
MOST_LOOKS_BY_THEN = 350
MOST_LOOKS_AGAIN = 5  # at one place, in such a call
NO_THREADS = "A program that is watched cannot start threads."

Begin: TypeAlias = "tuple[str, str, int]"  # file, name and first line of a function
Place: TypeAlias = "tuple[str, str, int]"  # file, function, line


WATCHING: ContextVar[bool] = ContextVar("WATCHING", default=False)  # whether a program is being watched


class Enough(BaseException):
    """What ends a program that has been watched long enough."""


@dataclass(frozen=True, eq=False)
class Look:
    """What all names at a place held, at a time: times count lines. ``within``: where the functions around it begin."""

    time: int
    values: Arrays
    within: frozenset[Begin] = frozenset()


@dataclass(eq=False)
class WatchedRun:
    """What was seen of a program: looks by place.

    ``is_own`` tells the student's code from libraries.
    """

    is_own: Callable[[FrameType], bool]
    looks: dict[Place, list[Look]] = field(default_factory=dict)
    time: int = 0
    raised: BaseException | None = None
    _began: float = 0.0
    _count: int = 0
    _own: dict[CodeType, bool] = field(default_factory=dict)
    _calls: Counter[CodeType] = field(default_factory=Counter)
    _looping: set[CodeType] = field(default_factory=set)
    _again: int = 0  # how often the end was caught
    _wait: int = 0

    def run(self, action: Callable[[], object]) -> None:
        """Run a program until it ends, or long enough."""
        tracing, profiling = sys.gettrace(), sys.getprofile()
        self._began = time.process_time()
        token = WATCHING.set(True)
        with _alone():
            sys.settrace(self._on_call)
            try:
                action()
            except Enough:
                pass
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # whatever a stranger's program raises: pytest's failures are no Exception
                self.raised = error
            finally:
                if self._again:
                    _profile_again(profiling)
                sys.settrace(tracing)
                WATCHING.reset(token)

    def look(self, place: Place, names: Mapping[str, Any], frame: FrameType | None = None) -> None:
        """Look at what names hold, where this place has not been looked at often enough."""
        seen = self.looks.setdefault(place, [])
        if len(seen) < MOST_LOOKS and self._count < MOST_LOOKS_IN_ALL:
            self._count += 1
            with contextlib.suppress(Exception):  # a stranger's attributes may do anything
                seen.append(Look(self.time, arrays_in(names), _within(frame)))

    @cached_property
    def places(self) -> list[tuple[list[Look], Arrays]]:
        """The looks at each place that was looked at three times or more, and what moves from one to another."""
        return [(looks, moving_in(looks)) for looks in self.looks.values() if len(looks) > 2]

    def between(self, begin: int, end: int) -> list[Look]:
        """All looks from one time to another, wherever."""
        found = [one for some in self.looks.values() for one in some if begin <= one.time <= end]
        return sorted(found, key=lambda one: one.time)

    def seen_between(self, begin: int, end: int) -> frozenset[Place]:
        """The places that were looked at from one time to another."""
        return frozenset(at for at, some in self.looks.items() if any(begin <= one.time < end for one in some))

    def _on_call(self, frame: FrameType, _: str, __: Any) -> Any:
        code = frame.f_code
        if code not in self._own:
            self._own[code] = self.is_own(frame)
        if not self._own[code]:
            return None
        self._calls[code] += 1
        if self._calls[code] > 1 and not (code in self._looping and self._calls[code] <= 1 + MOST_AGAIN):
            return self._on_line
        return partial(self._on_line_of_call, Counter[int](), self._calls[code])

    def _on_line_of_call(self, lines: Counter[int], number: int, frame: FrameType, event: str, arg: Any) -> Any:
        """Look at a line; of a later call of what loops in itself at each line some times more."""
        self._on_line(frame, event, arg)
        code, line = frame.f_code, frame.f_lineno
        if event == "line" and lines[line] < MOST_LOOKS:
            lines[line] += 1
            if number == 1 and lines[line] == MOST_LOOKS:
                self._looping.add(code)
            if number > 1 and lines[line] <= MOST_LOOKS_AGAIN and self._count < MOST_LOOKS_BY_THEN:
                self.look((code.co_filename, f"{code.co_name}#{number}", line), names_of(frame), frame)
        return frame.f_trace

    def _on_line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.time += 1
            if self.time > MOST_LINES or time.process_time() - self._began > MOST_SECONDS:
                self._end()
            code = frame.f_code
            place = (code.co_filename, code.co_name, frame.f_lineno)
            if len(self.looks.get(place, ())) < MOST_LOOKS and self._count < MOST_LOOKS_IN_ALL:
                self.look(place, names_of(frame), frame)
        return self._on_line

    def _end(self) -> None:
        """End the program, again and again where it catches what ends it: each time some lines later than before."""
        if self._wait > 0:
            self._wait -= 1
            return
        self._again += 1
        self._wait = 7 * self._again + 1
        sys.setprofile(self._on_profile)  # an error that is raised here ends the tracing
        raise Enough

    def _on_profile(self, frame: FrameType, _: str, __: Any) -> None:
        if sys.gettrace() is None:
            sys.settrace(self._on_call)
            one: FrameType | None = frame
            while one is not None:
                if self._own.get(one.f_code):
                    one.f_trace = self._on_line
                one = one.f_back


def _profile_again(profiling: Any) -> None:
    """Let a profiler go on: one of Python's own in C is no function, and is switched on again."""
    if hasattr(profiling, "enable"):
        profiling.enable()
    else:
        sys.setprofile(profiling)


def moving_in(looks: Sequence[Look]) -> Arrays:
    """The arrays that keep their shape and change twice or more, as they are at last; of equal ones the nearest.

    A number may be what a loop over parameters held last: of another name it is kept, too.
    """
    later = looks[1:]
    found: Arrays = {}
    seen = set()
    for path, last in sorted(looks[-1].values.items(), key=lambda one: len(re.findall(r"[.\[]", one[0]))):
        arrays = [one.values[path] for one in later if path in one.values]
        if len(arrays) < len(later) or any(one.shape != last.shape for one in arrays):
            continue
        marks = tuple(one.tobytes() for one in arrays), last.size == 1 and re.split(r"[.\[]", path)[0]
        if (
            marks in seen
            or len(set(marks[0])) < min(2, len(marks[0]))
            or not all(np.isfinite(one).all() for one in arrays)
        ):
            continue
        seen.add(marks)
        found[path] = last
    return found


def begin_of(code: CodeType) -> Begin:
    """Where a function begins."""
    return code.co_filename, code.co_name, code.co_firstlineno


def _within(frame: FrameType | None) -> frozenset[Begin]:
    found = []
    while frame is not None:
        found.append(begin_of(frame.f_code))
        frame = frame.f_back
    return frozenset(found)


def names_of(frame: FrameType) -> dict[str, Any]:
    """The names that a line can read: its own, then those of its module."""
    own = {name: one for name, one in frame.f_locals.items() if name[:2] != "__"}
    return own | {name: one for name, one in names_of_module(frame.f_globals).items() if name not in own}


def names_of_module(space: Mapping[str, Any]) -> dict[str, Any]:
    """The names of a module that may hold numbers."""
    return {name: one for name, one in space.items() if name[:2] != "__" and is_data(one)}


def is_data(value: Any) -> bool:
    """Whether a name of a module may hold numbers: no function, class or module."""
    return not isinstance(value, ModuleType | type | FunctionType | np.ufunc)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let a program print nowhere, read nothing and start no threads, and put the random numbers back afterwards."""
    kept = np.random.get_state(), random.getstate(), threading.Thread.start, sys.stdin, os.environ.get("MPLBACKEND")
    np.random.seed(0)
    random.seed(0)
    try:
        threading.Thread.start = _no_threads  # type: ignore[method-assign, assignment]
        sys.stdin = io.StringIO()
        os.environ["MPLBACKEND"] = "Agg"  # no windows
        nowhere = io.StringIO()
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), np.errstate(all="ignore"):
            yield
    finally:
        np.random.set_state(kept[0])
        random.setstate(kept[1])
        threading.Thread.start, sys.stdin = kept[2], kept[3]  # type: ignore[method-assign]
        if kept[4] is None:
            os.environ.pop("MPLBACKEND", None)
        else:
            os.environ["MPLBACKEND"] = kept[4]


def _no_threads(*_: Any) -> None:
    raise RuntimeError(NO_THREADS)
