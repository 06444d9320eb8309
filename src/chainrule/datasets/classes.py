"""Classes: labels, numbers or words, numbered in their order; each stays what it is, and none is a gap."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterable

Numbered: TypeAlias = tuple[npt.NDArray[np.intp], tuple[str, ...]]

# What pandas takes for a gap in a file of text, and the question mark of the UCI collection
MISSING = frozenset(
    (
        *("", "?", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "1.#IND", "1.#QNAN", "-NaN", "-nan", "<NA>"),
        *("N/A", "NA", "NULL", "NaN", "NaT", "None", "n/a", "nan", "null"),
    )
)
LARGEST_SPELLED = 10**21  # a whole number below it is spelled digit by digit


def number_classes(where: object, labels: npt.NDArray[Any]) -> Numbered:
    """Number the classes of real numbers (n,), in their sorted order: return T, (n,), and the classes' names."""
    classes, T = np.unique(labels, return_inverse=True)
    return _at_least_two(where, T, [_spelled(value) for value in classes.tolist()])


def number_words(where: object, words: Iterable[str]) -> Numbered:
    """Number classes that are spelled: as numbers if all are numbers, exactly, and as words otherwise.

    >>> number_words("The table", ["1.0", "9007199254740993", "1", "9007199254740992"])[1]
    ('1', '9007199254740992', '9007199254740993')
    """
    seen: dict[str, int] = {}  # one copy of each word, in the order they come
    codes = np.fromiter((seen.setdefault(word, len(seen)) for word in words), np.intp)
    values = [exact for word in seen if (exact := _exact(word)) is not None]
    numeric = len(values) == len(seen)
    keys: list[Any] = values if numeric else list(seen)
    classes = sorted(set(keys))
    place = {key: i for i, key in enumerate(classes)}
    T = np.array([place[key] for key in keys], dtype=np.intp)[codes]
    return _at_least_two(where, T, [_spelled(value) for value in classes] if numeric else classes)


def label_problem(word: str) -> str | None:
    """Say what is wrong with a label, empty, missing or not finite, or None.

    >>> label_problem("NA"), label_problem("rose")
    ("'NA' marks a missing value. Fill it or remove the row; a class of that name needs another spelling.", None)
    """
    if not word:
        return "the cell is empty. Fill it or remove the row."
    number = parsed(word)
    if number is not None and not math.isfinite(number):
        return f"{word!r} is not finite. Replace it or remove the row."
    if word in MISSING:
        return (
            f"{word!r} marks a missing value. Fill it or remove the row; a class of that name needs another spelling."
        )
    return None


def parsed(cell: str) -> float | None:
    """Return the number that a cell spells, NaN and infinity among them, or None."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _exact(word: str) -> Decimal | None:
    """Return the number that a word spells, without rounding it to a float."""
    return None if parsed(word) is None else Decimal(word)


def _spelled(value: float | Decimal) -> str:
    """The name of a class that is a number; −0 is 0."""
    if isinstance(value, Decimal):
        if abs(value) < LARGEST_SPELLED and value == value.to_integral_value():
            return str(int(value))
        exact = repr(float(value))
        return exact if Decimal(exact) == value else str(value)
    return repr(value + 0.0).removesuffix(".0") if isinstance(value, float) else str(value)


def _at_least_two(where: object, T: npt.NDArray[np.intp], names: list[str]) -> Numbered:
    """Return both, or raise the sentence about a single class."""
    if len(names) == 1:
        name = names[0] if len(names[0]) <= 40 else f"{names[0][:40]}…"
        raise InvalidFile(f"{where} has only one class, {name!r}, so there is nothing to learn. Choose another target.")
    return T, tuple(names)
