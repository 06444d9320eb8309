"""Watched code: which of a student's own code a call runs, its lines, and what its names hold."""

from __future__ import annotations

import linecache
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

Shape: TypeAlias = "tuple[int, ...] | None"  # None of what holds no numbers, a dict say

NOT_STUDENTS = [Path(__file__).parents[2]]  # folders and files; a collection of student code adds its own
PYTHONS_OWN = str(Path(linecache.__file__).resolve().parent)
MANY = 100  # a whole number above is a count of rounds: nothing is done as often in its place


@dataclass(eq=False)
class Ran:
    """What was seen of one function, or of the lines of a script.

    ``lines`` are those that ran, ``names`` what holds numbers or keeps things, with the shapes, ``lists`` the names of
    lists and dicts, ``functions`` the student's own that it can call, and ``methods`` those of the objects that it has.
    """

    lines: set[int] = field(default_factory=set)
    names: dict[str, Shape] = field(default_factory=dict)
    functions: dict[str, FunctionType] = field(default_factory=dict)
    methods: dict[str, FunctionType] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)

    def add(self, other: Ran) -> None:
        """Add what was seen elsewhere of the same lines."""
        self.lines |= other.lines
        self.names |= other.names
        self.functions |= other.functions
        self.methods |= other.methods
        self.lists |= other.lists

    def takes(self, name: str) -> int:
        """How many arguments a function takes."""
        return self.functions[name].__code__.co_argcount

    def has_run(self, first: int, last: int) -> bool:
        """Whether a line of these ran."""
        return any(first <= line <= last for line in self.lines)


@contextmanager
def watching(seen: dict[CodeType, Ran]) -> Iterator[None]:
    """Note which code of students runs here, its lines, and what its names hold when it ends."""

    def entered(frame: FrameType, _: str, __: Any) -> Any:
        if not is_students(frame.f_code.co_filename):
            return None
        ran = seen.setdefault(frame.f_code, Ran())

        def stepped(frame: FrameType, event: str, __: Any) -> Any:
            if event == "line":
                ran.lines.add(frame.f_lineno)
            elif event == "return" and not ran.names:
                _note(ran, frame)
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)


@lru_cache(maxsize=512)
def is_students(file: str) -> bool:
    """Whether a file is neither Python's, nor an installed package's, nor ours.

    >>> is_students(__file__), is_students(linecache.__file__)
    (False, False)
    """
    if file.startswith("<") and not linecache.getlines(file):
        return False
    path = Path(file)
    parts = {path, *path.parents}
    if not parts.isdisjoint(NOT_STUDENTS) or not {"site-packages", "dist-packages"}.isdisjoint(path.parts):
        return False
    return not str(path.resolve()).startswith(PYTHONS_OWN)


def _note(ran: Ran, frame: FrameType) -> None:
    """Note what a function's own names hold, and those of its module that it reads."""
    space, own = frame.f_globals, dict(frame.f_locals)
    read = {name: space[name] for name in frame.f_code.co_names if name in space}
    for name, value in (read | own).items():
        many = isinstance(value, int) and abs(value) > MANY
        if not (name.startswith("__") or many or callable(value) or isinstance(value, ModuleType)):
            ran.names[name] = shape_of(value)
            ran.lists |= {name} if isinstance(value, list | dict | set) else set()
    for name, value in (space | own).items():
        if isinstance(value, FunctionType) and is_students(value.__code__.co_filename):
            ran.functions[name] = value
    for value in own.values():
        ran.methods |= {name: one for name, one in vars(type(value)).items() if isinstance(one, FunctionType)}


def shape_of(value: Any) -> Shape:
    """The shape of numbers; None of anything else.

    >>> shape_of([[1, 2], [3, 4]]), shape_of(2.0), shape_of({"W": 1}), shape_of([[1], [2, 3]])
    ((2, 2), (), None, None)
    """
    if isinstance(value, np.ndarray):
        return value.shape if value.dtype.kind in "biuf" else None
    if isinstance(value, int | float | np.number):
        return ()
    if isinstance(value, list | tuple) and value:
        with suppress(ValueError):  # rows of several lengths
            array = np.asarray(value)
            return array.shape if array.dtype.kind in "biuf" else None
    return None
