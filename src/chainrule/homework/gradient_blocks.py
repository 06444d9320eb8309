"""Blocks: what a gradient is tried at, and the arrays that came, those of another form told and stood in for."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework.differences import SHAPE
from chainrule.homework.returned_parts import array_of, holds_numbers, kind_of
from chainrule.language.translation import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.check import BackpropReport
    from chainrule.check.backprop_report import Mistake
    from chainrule.homework.returned_parts import Arrays


MISSING = object()  # in the place of a block that a dict lacks


@dataclass(frozen=True)
class Given:
    """What a gradient is tried at: copies of the parameters, samples as rows, targets a column per output.

    Attributes
    ----------
    weights : list of arrays (n_in, n_out)
    biases : list of arrays (n_out,), or None for a layer without
    X : array (n_samples, n_features)
    T : array (n_samples, n_outputs)
    l2 : float
    lent : list of (array, copy)
        What was handed over besides, and must be the same afterwards.
    complaints : list of Complaint
        What is said of blocks that came in another form than is asked for.
    """

    weights: Arrays
    biases: list[Any]
    X: npt.NDArray[np.floating]
    T: npt.NDArray[np.floating]
    l2: float
    lent: list[tuple[Any, Any]] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def lend(self, array: Any) -> Any:
        """Hand over another array, and keep a copy: it must be the same afterwards."""
        self.lent.append((array, copy.deepcopy(array)))
        return array


@dataclass(frozen=True)
class Complaint:
    """What is wrong with the form of a block, and the kind of mistake that its shape tells, or None."""

    sentence: str
    kind: str | None
    name: str
    came: npt.NDArray[Any]
    asked: tuple[int, ...]
    samples: int


class Misshapen(Exception):
    """No error of ours: what came is no gradient of the form asked for; ``report`` says so."""

    def __init__(self, sentence: str, kind: str | None = None) -> None:
        from chainrule.check.backprop_report import BackpropReport

        super().__init__(sentence)
        self.report = BackpropReport("wrong", _told(kind, "what it returns"), clues=(sentence,))


def _told(kind: str | None, where: str) -> tuple[Mistake, ...]:
    """Name what a shape tells."""
    from chainrule.check.backprop_report import Mistake
    from chainrule.check.edits.kinds import KINDS
    from chainrule.check.sentences import told_mistake

    if kind is None:
        return ()
    mistake = told_mistake(kind, where) if kind in KINDS else Mistake(kind, where, f"{where}: {kind}.", "")
    return (replace(mistake, confidence=0.8),)


def parts_of(
    returned: Any, asked: Mapping[str, tuple[int, ...]], given: Given, *, by_name: bool = False
) -> list[npt.NDArray[Any]]:
    """Return the arrays of a gradient if they have the names and the number that are asked for.

    One that has another shape, or holds no numbers, comes as NaN in the shape that is asked for; ``given`` keeps the
    complaint, and the other blocks are judged all the same.

    Parameters
    ----------
    returned : object
        What the student's function returned.
    asked : mapping of str to shape
        What the blocks are called, in order.
    given : Given
        What the function was called with.
    by_name : bool
        Whether the assignment wants a dict of these names; otherwise it wants a tuple, or one array.

    Returns
    -------
    list of arrays

    Raises
    ------
    Misshapen
        Where blocks are missing, or too many; of a dict, where all are missing.

    Examples
    --------
    >>> given = Given([], [], np.ones((7, 2)), np.ones((7, 1)), 0.0)
    >>> parts_of((np.ones(2), np.ones(7)), {"dw": (2,), "db": ()}, given)
    [array([1., 1.]), array(nan)]
    >>> given.complaints[0].sentence
    'db has the shape (7,); () is asked for.'
    """
    arrays = [array_of(value) for value in (_of_dict if by_name else _in_order)(returned, asked)]
    shapes = [array.shape for array in arrays]
    if shapes != list(asked.values()) and sorted(shapes) == sorted(asked.values()):
        names = ", ".join(map(say, asked))
        raise Misshapen(say("It must return {names} in this order.", names=names), "blocks-swapped")
    blocks = []
    for array, (name, shape) in zip(arrays, asked.items(), strict=True):
        complaint = _complaint(name, array, shape, len(given.X))
        given.complaints.extend([complaint] if complaint else [])
        blocks.append(np.full(shape, np.nan) if complaint else array.astype(np.float64).reshape(shape))
    return blocks


def _of_dict(returned: Any, asked: Mapping[str, tuple[int, ...]]) -> list[Any]:
    """The blocks of a dict."""
    names = ", ".join(asked)
    if not isinstance(returned, Mapping):
        told = "It must return a dict with {names}; it returns {what}."
        raise Misshapen(say(told, names=names, what=_described(returned)))
    if not any(name in returned for name in asked):
        raise Misshapen(say("It must return a dict with {names}; none of them is in it.", names=names))
    return [returned.get(name, MISSING) for name in asked]


def _in_order(returned: Any, asked: Mapping[str, tuple[int, ...]]) -> list[Any]:
    """The blocks one after the other."""
    values = [returned] if len(asked) == 1 and not isinstance(returned, Mapping) and returned is not None else returned
    if not isinstance(values, tuple | list) or len(values) != len(asked):
        names = ", ".join(map(say, asked))
        raise Misshapen(say("It must return {names}; it returns {what}.", names=names, what=_described(returned)))
    return list(values)


def _described(returned: Any) -> str:
    if returned is None:
        return say("nothing: a return is missing")
    if isinstance(returned, Mapping):
        return say("a {kind}", kind="dict")
    if isinstance(returned, tuple | list):
        return say("1 value" if len(returned) == 1 else "{number} values", number=len(returned))
    array = array_of(returned)
    return say("an array of shape {shape}", shape=array.shape) if holds_numbers(array) else kind_of(returned)


def _complaint(name: str, array: npt.NDArray[Any], shape: tuple[int, ...], n_samples: int) -> Complaint | None:
    """Say what is wrong with a block's form, None where nothing is."""
    if array.size == 1 and array.item() is MISSING:
        told = say("It must return a dict with {name}, which is not in it.", name=name)
        return Complaint(told, None, name, array, shape, n_samples)
    if not holds_numbers(array):
        kind = kind_of(array.item(0))
        told = say("{what} is no array of numbers, but {kind}.", what=name, kind=kind)
        return Complaint(told, None, name, array, shape, n_samples)
    if array.shape == shape or array.size == 1 == int(np.prod(shape)):
        return None
    sentence = say(SHAPE, what=name, came=array.shape, asked=shape)
    return Complaint(sentence, _kind_of_shape(array.shape, shape, n_samples), name, array, shape, n_samples)


def _kind_of_shape(came: tuple[int, ...], asked: tuple[int, ...], n_samples: int) -> str | None:
    """What a shape tells of how it came about."""
    if len(came) == len(asked) == 2 and came == asked[::-1]:
        return "gradient-transposed"
    if came in ((), (1,), (1, 1)):
        return "inner-for-outer"
    if n_samples in came and n_samples not in asked:
        return "broadcast" if came.count(n_samples) > 1 else None
    if len(came) == len(asked) == 2 and (came[0] - asked[0], came[1] - asked[1]) == (0, 1):
        return "bias-row-kept"
    return None


# Blocks of another form: the right numbers stand in for them, so that the others can be judged.


def without_gaps(
    blocks: dict[str, Any], complaints: list[Complaint], right: dict[str, Any], gaps: dict[str, list[Complaint]]
) -> dict[str, Any]:
    """Fill the blocks that came in another form with right numbers; ``gaps`` keeps which they are, and why."""
    found: dict[str, Any] = {}
    for name, block in blocks.items():
        holes = np.isnan(block)
        found[name] = np.where(holes, right[name], block)
        if holes.any():
            gaps.setdefault(name, complaints)
    for k, one in enumerate(complaints):
        complaints[k] = replace(one, kind=_kind_of_gap(one, list(gaps), right) if len(complaints) == 1 else one.kind)
    return found


def _kind_of_gap(one: Complaint, gaps: list[str], right: dict[str, Any]) -> str | None:
    """What a shape tells once it is known whether weights, biases or both should have come."""
    if not holds_numbers(one.came):
        return one.kind
    letters, came = {name[0] for name in gaps}, one.came.shape
    if letters == {"b"}:
        if one.came.size == 1:
            return "sum-over-everything" if np.allclose(one.came, right[gaps[0]].sum()) else None
        if one.samples in came:
            return "bias-not-summed" if len(came) > 1 or right[gaps[0]].size == 1 else "bias-sum-axis"
    if letters == {"W", "b"} and came == (one.asked[0] - 1, *one.asked[1:]):
        return "one-missing"
    if letters == {"W"} and one.kind is None and len(came) == len(one.asked) and came[1:] == one.asked[1:]:
        widths = {length for name, block in right.items() if name[0] == "W" for length in block.shape}
        return "wrong-input" if came[0] in widths else None
    return one.kind


def with_gaps(report: BackpropReport, gaps: dict[str, list[Complaint]]) -> BackpropReport:
    """Say of a report which blocks came in another form."""
    if not gaps or report.raised:
        return report
    complaints = next(iter(gaps.values()))
    missing = tuple(f"d{name}" for name in gaps)
    return replace(
        report,
        verdict="wrong",
        mistakes=(*(told for one in complaints for told in _told(one.kind, one.name)), *report.mistakes),
        wrong=(*missing, *(name for name in report.wrong if name not in missing)),
        right=tuple(name for name in report.right if name not in missing),
        clues=(*(one.sentence for one in complaints), *(one for one in report.clues if not one.startswith("Right: "))),
    )
