"""Differences: what a function returned beside what is right, and by which known mistake the one comes of the other."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.exercise import NamedMistake
from chainrule.homework.returned_parts import (
    are_few,
    array_of,
    arrays_in,
    holds_numbers,
    kind_of,
    parts,
    same,
    same_or_both_infinite,
    shown,
    told_apart,
)
from chainrule.language.translation import say

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.homework.returned_parts import Arrays

Run: TypeAlias = Callable[..., Any]  # (module, *arguments) -> what the function returns

SHAPE = "{what} has the shape {came}; {asked} is asked for."
FEW = 4  # parts whose orders are all tried
UNSUITABLE = (ValueError, TypeError, IndexError, KeyError)  # raised by a slip that some inputs cannot show


@dataclass(frozen=True)
class Slip:
    """A mistake that is known beforehand: what the function would return with it.

    Parameters
    ----------
    name : str
        What statistics call it.
    sentence, remedy : str
        What is wrong, and how it is mended, in the assignment's own letters.
    run : function (solution, *arguments)
        Computes what the function would return; solution is the solved module.

    Examples
    --------
    >>> forgotten = Slip("bias-not-added", "b is not added.", "a = X w + b.", lambda solution, w, b, X: X @ w)
    >>> forgotten.run(None, 2.0 * np.ones(1), 5.0, np.ones((3, 1)))
    array([2., 2., 2.])
    """

    name: str
    sentence: str
    remedy: str
    run: Run

    @property
    def mistake(self) -> NamedMistake:
        """What is told where it was made."""
        return NamedMistake(self.name, say(self.sentence), say(self.remedy))


def quietly(run: Run, *arguments: Any) -> Any:
    """Call without warnings, and keep what came as it is now: the code may write to its arrays later."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return copy.deepcopy(run(*arguments))


@dataclass(frozen=True)
class Comparison:
    """What a function gave at several inputs, what is right, and the mistakes that are known of it.

    Attributes
    ----------
    inputs : sequence of argument tuples
    given, right : sequence
        What came at each, and what should have come.
    slips : sequence of Slip
    solution : module
    names : sequence of str
        What the parts of the result are called.
    """

    inputs: Sequence[tuple[Any, ...]]
    given: Sequence[Any]
    right: Sequence[Any]
    slips: Sequence[Slip]
    solution: ModuleType
    names: Sequence[str]

    @cached_property
    def came(self) -> list[Arrays]:
        """The arrays that came, at each input."""
        return [arrays_in(one) for one in self.given]

    @cached_property
    def wanted(self) -> list[Arrays]:
        """The arrays that are right, at each input."""
        return [arrays_in(one) for one in self.right]

    @property
    def count(self) -> int:
        """How many parts a right result has."""
        return len(self.wanted[0])

    def part(self, number: int) -> str:
        """What a part of the result is called."""
        if number < len(self.names):
            return say(self.names[number])
        return say("What it returns" if self.count == 1 else "Value {number} of what it returns", number=number + 1)

    def complaint(self) -> str:
        """Say what makes a result no result at all: nothing, too few parts, other shapes, no numbers."""
        told = (self._complaint(*pair) for pair in zip(self.given, self.right, strict=True))
        return next((one for one in told if one), "")

    def _complaint(self, given: Any, right: Any) -> str:
        if given is None:
            return say("It returns nothing: a return is missing.")
        came, wanted = parts(given), parts(right)
        if isinstance(right, Mapping) and (not isinstance(given, Mapping) or set(given) != set(right)):
            return say("It must return a dict with {names}.", names=", ".join(map(repr, right)))
        if len(came) != len(wanted):
            wants = ", ".join(map(say, self.names)) or say("{number} values", number=len(wanted))
            one, more = (
                "It returns 1 value where {asked} are asked for.",
                "It returns {number} values where {asked} are asked for.",
            )
            return say(one if len(came) == 1 else more, number=len(came), asked=wants)
        for number, (a, b) in enumerate(zip(came, wanted, strict=True)):
            array, shape = array_of(a), np.shape(b)
            if not holds_numbers(array):
                told = "{what} is no number and no array of numbers, but {kind}."
                return say(told, what=self.part(number), kind=kind_of(a))
            if array.shape != shape and not array.size == np.size(b) == 1:
                return say(SHAPE, what=self.part(number), came=array.shape, asked=shape)
        return ""

    def wrong(self) -> list[int]:
        """The numbers of the parts that are not right."""
        pairs = list(zip(self.came, self.wanted, strict=True))
        return [k for k in range(self.count) if not all(same(a[k], b[k]) for a, b in pairs)]

    def place(self, wrong: Sequence[int]) -> str:
        """Say which parts are not right."""
        if self.count == 1:
            return say("The numbers it returns are not right.")
        others = "Not right: {parts}; the others are right."
        told = others if len(wrong) < self.count else "Not right: {parts}."
        return say(told, parts=", ".join(map(self.part, wrong)))

    def mistakes(self, wrong: Sequence[int]) -> tuple[NamedMistake, ...]:
        """Name what is wrong: a slip that explains all of it, or something known for every part."""
        slip = self.slip()
        return (slip.mistake,) if slip else self.out_of_order() or self._part_by_part(wrong)

    def out_of_order(self) -> tuple[NamedMistake, ...]:
        """Say so where all parts are right and stand in another order."""
        if not 1 < self.count <= FEW or any(len(one) != self.count for one in self.came):
            return ()
        if isinstance(self.right[0], Mapping):  # which has no order
            return ()
        for order in list(permutations(range(self.count)))[1:]:
            pairs = zip(self.came, self.wanted, strict=True)
            if all(same_or_both_infinite(a[i], b[k]) for a, b in pairs for k, i in enumerate(order)):
                names = ", ".join(map(self.part, range(self.count)))
                told = say("What it returns is right, and in another order.")
                return (NamedMistake("out-of-order", told, say("Return {names}, in this order.", names=names)),)
        return ()

    def slip(self) -> Slip | None:
        """Return the slip that gives what came, wherever that is not right."""
        return next((one for one in self.slips if self._explains(one)), None)

    def _explains(self, slip: Slip) -> bool:
        for arguments, came, right in zip(self.inputs, self.came, self.wanted, strict=True):
            if len(came) == len(right) and all(map(same_or_both_infinite, came, right)):
                continue
            made = self._made_by(slip, arguments)
            if made is None or len(made) != len(came) or not all(map(same_or_both_infinite, came, made)):
                return False
        return True

    def _made_by(self, slip: Slip, arguments: tuple[Any, ...]) -> Arrays | None:
        """What a slip gives at an input, None where that cannot show it."""
        try:
            return arrays_in(quietly(slip.run, self.solution, *copy.deepcopy(arguments)))
        except UNSUITABLE:
            return None

    def _part_by_part(self, wrong: Sequence[int]) -> tuple[NamedMistake, ...]:
        """Name what is wrong with each part by itself; nothing where one of them has no name."""
        made = [(slip, [self._made_by(slip, one) for one in self.inputs]) for slip in self.slips if self.count > 1]
        found: dict[NamedMistake, None] = {}
        for k in wrong:
            told = self._usual(k) or next((self._of_part(slip, k) for slip, at in made if self._shows(at, k)), None)
            if told is None:
                return ()
            found[told] = None
        return tuple(found)

    def _shows(self, made: Sequence[Arrays | None], k: int) -> bool:
        """Whether a slip gives what came of one part."""
        return all(
            one is not None and k < len(one) and same_or_both_infinite(came[k], one[k])
            for came, one in zip(self.came, made, strict=True)
        )

    def _of_part(self, slip: Slip, k: int) -> NamedMistake:
        return NamedMistake(slip.name, f"{self.part(k)}: {slip.mistake.sentence}", slip.mistake.remedy)

    def _usual(self, k: int) -> NamedMistake | None:
        """Name what can go wrong with any numbers: a sign, a factor, N, a transposed array."""
        pairs = [(came[k], right[k]) for came, right in zip(self.came, self.wanted, strict=True)]
        told = of_ratios([_ratio(*pair) for pair in pairs], numbers_of_samples(self.inputs), self.part(k))
        if told is None and all(_is_transposed(*pair) for pair in pairs):
            words = say("{what} is transposed.", what=self.part(k))
            return NamedMistake("transposed", words, say("Exchange rows and columns."))
        return told

    def example(self, wrong: Sequence[int]) -> str:
        """Tell the number that is farthest off, with the input where it came, if that is short."""
        k = wrong[0]
        at = next(i for i, (a, b) in enumerate(zip(self.came, self.wanted, strict=True)) if not same(a[k], b[k]))
        a, b = (arrays[at][k].astype(np.float64).ravel() for arrays in (self.came, self.wanted))
        with np.errstate(all="ignore"):
            worst = int(np.nanargmax(np.abs(a - b))) if np.isfinite(a).any() else 0

        few = are_few(self.inputs[at])
        where = say("For {inputs}", inputs=shown(self.inputs[at])) if few else say("On the test's inputs")
        place = "" if a.size == 1 else say(" at entry {number}", number=worst)
        came, right = told_apart(a[worst], b[worst])
        alone, part = (
            "{where} it gives {came}{place}, and {right} is right.",
            "{where} {what} is {came}{place}, and {right} is right.",
        )
        return say(
            alone if self.count == 1 else part, where=where, what=self.part(k), came=came, place=place, right=right
        )


def numbers_of_samples(inputs: Sequence[tuple[Any, ...]]) -> list[list[int]]:
    """Return what N can be: for each place in the arguments whose array has several lengths, its length in each input.

    >>> numbers_of_samples([(np.ones(2), np.ones(5)), (np.ones(2), np.ones(8))])
    [[5, 8]]
    """
    lengths = [[len(array) for array in arrays_in(one) if array.ndim] for one in inputs]
    if len(set(map(len, lengths))) > 1:
        return []
    columns = [list(column) for column in zip(*lengths, strict=True)]
    return [column for k, column in enumerate(columns) if len(set(column)) > 1 and column not in columns[:k]]


def of_ratios(ratios: Sequence[float | None], lengths: Sequence[list[int]], what: str) -> NamedMistake | None:
    """Name a mistake by the number of times that what came is what is right, at several inputs."""
    known = [ratio for ratio in ratios if ratio is not None]
    if len(known) < len(ratios):
        return None
    by_n = [
        row
        for n in lengths
        for row in (
            (n, "mean-missing", "{what} is a sum over the samples where a mean is asked for.", "Divide by N once."),
            (
                [1 / max(1, one) for one in n],
                "mean-twice",
                "{what} is divided by N once too often.",
                "Divide by N once.",
            ),
        )
    ]
    for wanted, name, words, remedy in (
        ([-1.0], "sign", "{what} has the opposite sign.", "Look for a minus that is missing, or one too many."),
        *by_n,
        ([2.0], "factor-two", "{what} is twice what it should be.", "Look for a 2 too many, or a missing ½."),
        ([0.5], "factor-half", "{what} is half of what it should be.", "Look for a ½ too many, or a missing 2."),
        ([known[0]], "factor", "{what} is {factor:.6g} times what it should be.", "Look for a factor."),
    ):
        if np.allclose(known, wanted, rtol=1e-5):
            return NamedMistake(name, say(words, what=what, factor=known[0]), say(remedy))
    return None


def _ratio(came: npt.NDArray[Any], right: npt.NDArray[Any]) -> float | None:
    """By which one number all of an array is too large, or None."""
    one, other = came.astype(np.float64).ravel(), right.astype(np.float64).ravel()
    if not other.any() or not np.isfinite(one).all():
        return None
    factor = float(one @ other / (other @ other))
    return factor if same(one, factor * other) and factor else None


def _is_transposed(came: npt.NDArray[Any], right: npt.NDArray[Any]) -> bool:
    square = came.ndim == 2 and came.shape == right.shape and came.shape[0] == came.shape[1] > 1
    return square and same(came.T, right)
