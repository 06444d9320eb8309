"""Gradients: a student's is bound to a network, called as its assignment asks for it, and examined."""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.compare import alike, array_of, kind_of
from chainrule.homework.exercise import Exercise, NamedMistake, Verdict

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.check import BackpropReport
    from chainrule.check.conventions import Scale
    from chainrule.check.edits.program import Point
    from chainrule.check.returned_values import Raw
    from chainrule.homework.compare import Arrays
    from chainrule.homework.exercise import Status
    from chainrule.network.network import Network


@dataclass(frozen=True)
class Given:
    """What a gradient is tried at: copies of the parameters, samples as rows, targets a column per output."""

    weights: Arrays
    biases: list[Any]
    X: npt.NDArray[np.floating]
    T: npt.NDArray[np.floating]
    l2: float
    lent: list[tuple[Any, Any]] = field(default_factory=list)

    def lend(self, array: Any) -> Any:
        """Hand over another array, and keep a copy: it must be the same afterwards."""
        self.lent.append((array, copy.deepcopy(array)))
        return array


Bind: TypeAlias = "Callable[[ModuleType, Network], Callable[[Given], Any]]"


class Misshapen(Exception):
    """No error of ours: a gradient came that is not of the form asked for; ``report`` says so."""

    def __init__(self, report: BackpropReport) -> None:
        super().__init__(report.verdict)
        self.report = report


def parts_of(returned: Any, asked: Mapping[str, tuple[int, ...]], n_samples: int) -> list[npt.NDArray[Any]]:
    """Return the arrays of a gradient if they have the names, the number and the shapes that are asked for.

    Raises
    ------
    Misshapen
        If they have not.
    """
    if isinstance(returned, Mapping):
        missing = [name for name in asked if name not in returned]
        if missing:
            raise _misshapen(f"It must return a dict with {', '.join(asked)}; {missing[0]} is not in it.")
        returned = [returned[name] for name in asked]
    if returned is None:
        raise _misshapen("It returns nothing: a return is missing.")
    values = [returned] if len(asked) == 1 else returned
    if not isinstance(values, tuple | list) or len(values) != len(asked):
        raise _misshapen(f"It must return {', '.join(asked)}; it returns {_described(returned)}.")
    arrays = [array_of(value) for value in values]
    shapes = [array.shape for array in arrays]
    if shapes != list(asked.values()) and sorted(shapes) == sorted(asked.values()):
        raise _misshapen(f"It must return {', '.join(asked)} in this order.", "blocks-swapped")
    for array, (name, shape) in zip(arrays, asked.items(), strict=True):
        if array.dtype.kind not in "biuf":
            raise _misshapen(f"{name} is no array of numbers, but a {type(array.item(0)).__name__}.")
        if array.shape != shape and not array.size == 1 == int(np.prod(shape)):
            sentence = f"{name} has the shape {array.shape}; {shape} is asked for."
            raise _misshapen(sentence, _kind_of_shape(array.shape, shape, n_samples))
    return [array.astype(np.float64).reshape(shape) for array, shape in zip(arrays, asked.values(), strict=True)]


def _described(returned: Any) -> str:
    if isinstance(returned, tuple | list):
        return f"{len(returned)} values"
    array = array_of(returned)
    return f"an array of shape {array.shape}" if array.dtype.kind in "biuf" else kind_of(returned)


def _misshapen(sentence: str, kind: str | None = None) -> Misshapen:
    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.examination import told_mistake

    mistakes = () if kind is None else (replace(told_mistake(kind, "what it returns"), confidence=0.8),)
    return Misshapen(BackpropReport(False, mistakes, clues=(sentence,)))


def _kind_of_shape(came: tuple[int, ...], asked: tuple[int, ...], n_samples: int) -> str | None:
    """What a shape tells of how it came about."""
    if len(came) == len(asked) == 2 and came == asked[::-1]:
        return "gradient-transposed"
    if came in ((), (1,), (1, 1)):
        return "inner-for-outer"
    if n_samples in came and n_samples not in asked:
        return "broadcast" if came.count(n_samples) > 1 else None
    if len(came) == len(asked) and sum(a - b for a, b in zip(came, asked, strict=True)) == 1:
        return "bias-row-kept"
    return None


def backprop(
    function: str,
    net: Callable[[], Network],
    bind: Bind,
    *,
    points: float = 3.0,
    scale: Callable[[], Scale] | None = None,
    l2: float = 0.0,
    then: Exercise | None = None,
    called: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Exercise:
    """Ask for a gradient, whose mistakes ``check_backprop`` names.

    Parameters
    ----------
    function : str
        Its name in the file.
    net : function () -> Network
        The network it is the gradient of; small, with layers of different sizes and a square one.
    bind : function (module, net) -> function (Given) -> gradient
        How it is called. What comes back are the blocks in the order and shapes of ``net.shapes``, W1 (n_in, n_out),
        b1 (n_out,), …; where the assignment has others, a dict of them by name, for which ``parts_of`` helps. Bound
        once, called several times.
    points : float
        What it is worth.
    scale : function () -> Scale, optional
        What the assignment's loss is: a sum, a negative that one climbs. Without it the mean over the samples.
    l2 : float
        λ of the penalty, if the gradient has one.
    then : Exercise, optional
        What is looked at where it is right, e.g. the same function with another activation.
    called : mapping of str to str, optional
        What the assignment calls the blocks dW1, db1, …, as in {"dW2": "DV"}; one of one column is then a vector.
    seed : int
        Where it is tried. Another one than that of a later exercise, where what this one is handed would be its answer.
    """

    def examine(student: ModuleType) -> BackpropReport:
        return examined(student, net(), bind, scale() if scale else None, l2, seed)

    def judge(student: ModuleType, solution: ModuleType) -> Verdict:
        verdict = _in_their_words(as_verdict(examine(student)), called or {}, net())
        return then.judge(student, solution) if then is not None and verdict.status == "right" else verdict

    return Exercise(function, judge, points, examine)


def examined(
    module: ModuleType, net: Network, bind: Bind, scale: Scale | None = None, l2: float = 0.0, seed: int = 0
) -> BackpropReport:
    """Check a module's gradient as ``check_backprop`` does, with the assignment's own loss as its convention."""
    from chainrule.check.backprop import SAMPLES, consult, random_point
    from chainrule.check.calling import run
    from chainrule.check.conventions import Scale, right_loss
    from chainrule.check.returned_values import Raw

    def make_call(meant: Network) -> Callable[[Point], Raw]:
        bound = bind(module, meant)

        def call(point: Point) -> Raw:
            given = _given(meant, point)
            kept = copy.deepcopy(given)
            returned = run(_let_through, bound, given)
            if isinstance(returned, Misshapen):
                raise returned
            touched = not alike(_handed(given), _handed(kept)) or not all(alike(a, b) for a, b in given.lent)
            loss = right_loss(meant, point, scale or Scale())
            return Raw(loss, None, _blocks(meant, returned, point.N), changed=touched, exact=True)

        return call

    found = [random_point(net, l2, seed + k, n) for k, n in enumerate(SAMPLES)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return consult(net, found, make_call, afresh=False)
        except Misshapen as error:
            return error.report


def _blocks(net: Network, returned: Any, n_samples: int) -> dict[str, Any]:
    """The blocks by name, as they came or in order."""
    if isinstance(returned, Mapping) and set(net.shapes) <= set(returned):
        return dict(returned)
    arrays = parts_of(returned, {f"d{name}": shape for name, shape in net.shapes.items()}, n_samples)
    return dict(zip(net.shapes, arrays, strict=True))


def _let_through(bound: Callable[[Given], Any], given: Given) -> Any:
    """Call what is bound; a gradient of another form is no error of the student's code."""
    try:
        return bound(given)
    except Misshapen as error:
        return error


def _given(net: Network, point: Point) -> Given:
    views = net.views(point.theta.copy())
    biases = [b if b is None else b.copy() for _, b in views]
    return Given([W.copy() for W, _ in views], biases, point.X.copy(), point.T.copy(), point.l2)


def _handed(given: Given) -> tuple[Any, ...]:
    return (*given.weights, *given.biases, given.X, given.T)


def as_verdict(report: BackpropReport) -> Verdict:
    """Tell a report as a verdict: its share is that of the blocks that are right, or what a single mistake leaves."""
    if report.ok:
        return Verdict("right", 1.0)
    mistakes = tuple(NamedMistake(one.name, one.sentence, one.remedy, one.where) for one in report.mistakes)
    status: Status = "crashed" if report.raised else "wrong"
    readings = (f"Or: {reading}" for one in report.mistakes for reading in one.readings)
    clues = (
        *readings,
        *report.clues,
        *(f"{one.place}: yours {one.given:.6g}, right {one.right:.6g}." for one in report.samples),
    )
    where = report.hint(1) if report.wrong or not report.clues else report.clues[0]
    return Verdict(status, max(report.share_right, _floor(report)), mistakes, clues, where)


def _in_their_words(verdict: Verdict, called: Mapping[str, str], net: Network) -> Verdict:
    """Call the blocks what the assignment calls them."""

    def said(text: str) -> str:
        for block, name in called.items():
            if net.shapes[block[1:]][1:] == (1,):  # a vector in the assignment
                text = re.sub(rf"\b{block}\[(\d+), 0\]", rf"{name}[\1]", text)
            text = re.sub(rf"\b{block}\b", name, text)
        return text

    mistakes = tuple(replace(one, sentence=said(one.sentence), where=said(one.where)) for one in verdict.mistakes)
    return replace(verdict, mistakes=mistakes, clues=tuple(map(said, verdict.clues)), where=said(verdict.where))


def _floor(report: BackpropReport) -> float:
    """What code is worth at least whose one mistake, or two, explain all that is wrong: the rest of it is right."""
    explained = bool(report.mistakes) and not report.clues and not report.raised
    nothing = any(one.name == "gradient-zero" for one in report.mistakes)
    return 0.0 if nothing or not explained else {1: 0.5, 2: 0.25}.get(len(report.mistakes), 0.0)
