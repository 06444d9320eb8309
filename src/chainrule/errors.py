"""The sentences we raise: what was wrong, and what to do about it."""

from __future__ import annotations

import difflib
import math
import numbers
import os
import re
import sys
import warnings
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import FrameType

Member = TypeVar("Member")


PASSED_OVER = {"chainrule", "sklearn", "joblib", "contextlib", "functools"}  # where no user looks for his own line
LONGEST = 400  # letters of a sentence; what is longer holds something that was never meant to be told whole
LONG_WORD = re.compile(r"\S{161,}")


def one_line(sentence: str) -> str:
    r"""Return a sentence that fits a line: without line breaks and control characters, what is long cut in its middle.

    >>> one_line("There is no file a\nb: the\x1b cannot be read.")
    'There is no file a b: the\\x1b cannot be read.'
    >>> len(one_line("There is no file " + 600 * "a"))
    168
    """
    line = " ".join(sentence.split())
    line = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)
    line = LONG_WORD.sub(lambda word: f"{word[0][:90]}…{word[0][-60:]}", line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 103]} … {line[-100:]}"


class ChainruleError(Exception):
    """Anything chainrule refuses, in one sentence of one line that a person can act on.

    ``code`` are lines to write instead, which stand after the sentence as they are.
    """

    def __init__(self, sentence: object = "", code: str = "") -> None:
        super().__init__(one_line(str(sentence)), *([code] if code else []))

    def __str__(self) -> str:
        """Return the sentence, and the code after it."""
        return "\n".join(self.args)


class InvalidValue(ChainruleError, ValueError):
    """A value, a name or a combination that cannot be used as it is."""


class InvalidFile(ChainruleError, ValueError):
    """A file that is missing, damaged, foreign or not what it says it is."""


class MissingLibrary(ChainruleError, ImportError):
    """An optional library that is asked for and not installed."""


class DoubtfulData(UserWarning):
    """What was decided about data that can be read in two ways, or left out of it, and how to decide otherwise."""


def warn(sentence: str, category: type[Warning] = UserWarning) -> None:
    """Warn, and point at the line that called chainrule, also through scikit-learn or joblib."""
    level, frame = 2, sys._getframe(1)
    while _is_passed_over(frame) and frame.f_back is not None:
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, category, stacklevel=level)


def _is_passed_over(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] in PASSED_OVER


@cache
def warn_once(sentence: str) -> None:
    """Warn, once in a process."""
    warn(sentence)


def unknown_name(what: str, name: object, choices: Iterable[str]) -> InvalidValue:
    """Return the error for a name that is none of the choices, with the nearest one suggested.

    >>> print(unknown_name("activation", "sigmod", ["relu", "sigmoid"]))
    Unknown activation 'sigmod'. Did you mean 'sigmoid'? The choices are: relu, sigmoid.
    """
    choices = list(choices)
    near = difflib.get_close_matches(str(name), choices, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return InvalidValue(f"Unknown {what} {name!r}.{hint} The choices are: {', '.join(choices)}.")


def choose(what: str, name: str, registry: Mapping[str, Member]) -> Member:
    """Return ``registry[name]``, or raise the sentence that lists the valid names."""
    if not isinstance(name, str) or name not in registry:
        raise unknown_name(what, name, registry)
    return registry[name]


def check_number(
    name: str,
    value: object,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
) -> float:
    """Return ``value`` as a finite float inside its bounds, or raise the sentence that names them.

    >>> check_number("l2", -1, at_least=0)
    Traceback (most recent call last):
    chainrule.errors.InvalidValue: l2 must be a number ≥ 0, got -1.
    """
    bounds = {"≥": at_least, ">": above, "≤": at_most, "<": below}
    wanted = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds.items() if bound is not None)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        number = _as_float(value)
        inside = (
            (at_least is None or number >= at_least)
            and (above is None or number > above)
            and (at_most is None or number <= at_most)
            and (below is None or number < below)
        )
        if math.isfinite(number) and inside:
            return number
    kind = f"a number {wanted}" if wanted else "a finite number"
    raise InvalidValue(f"{name} must be {kind}, got {value!r}.")


def _as_float(value: numbers.Real) -> float:
    """Return a number as a float; a whole number beyond the largest float is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def check_path(path: object, order: str = "path") -> None:
    """Refuse what is no path, with the order of the arguments: the place where a path was meant may be another.

    >>> check_path(5, "path, net")
    Traceback (most recent call last):
    chainrule.errors.InvalidValue: path must be a str or a Path, got int: the order of the arguments is path, net.
    """
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise misplaced("path", "a str or a Path", path, order)
    if "\0" in os.fspath(path):
        raise InvalidValue(f"path must have no null character in it, got {path!r}.")


def misplaced(name: str, wanted: str, value: object, order: str) -> InvalidValue:
    """Return the error for an argument of another type, which may stand in the place of another."""
    return InvalidValue(f"{name} must be {wanted}, got {type(value).__name__}: the order of the arguments is {order}.")


def check_count(name: str, value: object, *, at_least: int = 1) -> int:
    """Return ``value`` as an int that is at least ``at_least``, or raise a sentence.

    >>> check_count("epochs", 0.5)
    Traceback (most recent call last):
    chainrule.errors.InvalidValue: epochs must be a whole number ≥ 1, got 0.5.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < at_least:
        raise InvalidValue(f"{name} must be a whole number ≥ {at_least}, got {value!r}.")
    return int(value)
