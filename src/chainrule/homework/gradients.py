"""Gradients: a student's is bound to a network, called as its assignment asks for it, and examined."""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.exercise import Exercise, NamedMistake, Verdict
from chainrule.homework.gradient_blocks import Given, Misshapen, parts_of, with_gaps, without_gaps
from chainrule.homework.gradient_hints import retold
from chainrule.homework.letters import letters_of
from chainrule.homework.returned_parts import SAME, same, told_apart, unchanged
from chainrule.language.translation import say

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.check import BackpropReport
    from chainrule.check.edits.program import Point
    from chainrule.check.returned_values import Raw
    from chainrule.homework.exercise import Status
    from chainrule.homework.gradient_blocks import Complaint
    from chainrule.homework.letters import Letters
    from chainrule.network.network import Network


Bind: TypeAlias = "Callable[[ModuleType, Network], Callable[[Given], Any]]"
Scale: TypeAlias = Callable[[int], float]


def backprop(
    function: str,
    net: Callable[[], Network],
    bind: Bind,
    *,
    points: float = 3.0,
    scale: Scale | None = None,
    l2: float = 0.0,
    then: Exercise | None = None,
    letters: Letters | None = None,
    by_entry: bool = False,
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
    scale : function (n_samples) -> float, optional
        What is asked for is this many times the gradient of the mean loss: −1 where one climbs, N where it is a sum.
    l2 : float
        λ of the penalty, if the gradient has one.
    then : Exercise, optional
        What is looked at where it is right, e.g. the same function with another activation.
    letters : Letters, optional
        What the assignment calls its quantities; without them hints speak of dW1, db1, dZ1, …, as ``derive`` does.
    by_entry : bool
        Whether points are earned for each number that is right, where each is asked for by its own name; else for each
        block.
    seed : int
        Where it is tried. Another one than that of a later exercise, where what this one is handed would be its answer.

    Returns
    -------
    Exercise

    Raises
    ------
    ChainruleError
        When it judges, and the network has no such points.

    Examples
    --------
    >>> from types import ModuleType
    >>> from chainrule import Dense, Network
    >>> def net():
    ...     return Network([Dense(1, bias=False)], n_features=2, loss="half_squared_error")
    >>> def bind(module, net):
    ...     return lambda given: module.gradient(*given.weights, given.X, given.T)
    >>> student = ModuleType("student")
    >>> student.gradient = lambda w, X, T: X.T @ (X @ w - T)
    >>> [one.name for one in backprop("gradient", net, bind).judge(student, student).mistakes]
    ['mean-missing']
    """

    def examine(student: ModuleType) -> BackpropReport:
        return examined(student, net(), bind, scale, l2, seed)

    def judge(student: ModuleType, solution: ModuleType) -> Verdict:
        report = examine(student)
        share = (
            entries_right(student, net(), bind, scale, l2, seed) if by_entry and not report.ok else report.share_right
        )
        verdict = as_verdict(report, share)
        if verdict.status == "right":
            return verdict if then is None else then.judge(student, solution)
        return retold(verdict, letters or letters_of(net()), net().shapes)

    return Exercise(function, judge, points, examine)


def examined(
    module: ModuleType, net: Network, bind: Bind, scale: Scale | None = None, l2: float = 0.0, seed: int = 0
) -> BackpropReport:
    """Check a module's gradient as ``check_backprop`` does; the only convention is the assignment's."""
    from chainrule.check.backprop import consult
    from chainrule.check.trial_points import SAMPLES, random_point

    gaps: dict[str, list[Complaint]] = {}

    def make_call(meant: Network) -> Callable[[Point], Raw]:
        return partial(_called, bind(module, meant), meant, scale, gaps)

    found = [random_point(net, l2, seed + k, n) for k, n in enumerate(SAMPLES)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            report = consult(net, found, make_call, afresh=False)
        except Misshapen as error:
            return error.report
    factor = scale(SAMPLES[0]) if scale else 1.0
    samples = tuple(replace(one, given=factor * one.given, right=factor * one.right) for one in report.samples)
    return with_gaps(replace(report, samples=samples), gaps)


def _called(
    bound: Callable[[Given], Any], meant: Network, scale: Scale | None, gaps: dict[str, list[Complaint]], point: Point
) -> Raw:
    """Call the student's function at a point: its blocks, those without form left out and noted in ``gaps``."""
    from chainrule.check.calling import run
    from chainrule.check.conventions import Scale as Convention
    from chainrule.check.conventions import right_loss
    from chainrule.check.returned_values import Raw

    given = _given(meant, point)
    kept = copy.deepcopy(given)
    returned = run(_let_through, bound, given)
    if isinstance(returned, Misshapen):
        raise returned
    touched = not unchanged(_handed(given), _handed(kept)) or not all(unchanged(a, b) for a, b in given.lent)
    blocks = _times(_blocks(meant, returned, given), 1.0 / scale(point.N) if scale else 1.0)
    if given.complaints:
        blocks = without_gaps(blocks, given.complaints, _right_blocks(meant, point), gaps)
    return Raw(right_loss(meant, point, Convention()), None, blocks, changed=touched, exact=True)


def _blocks(net: Network, returned: Any, given: Given) -> dict[str, Any]:
    """The blocks by name, as they came or in order."""
    if isinstance(returned, Mapping) and set(net.shapes) <= set(returned):
        return {name: returned[name] for name in net.shapes}
    arrays = parts_of(returned, {f"d{name}": shape for name, shape in net.shapes.items()}, given)
    return dict(zip(net.shapes, arrays, strict=True))


def _times(blocks: dict[str, Any], factor: float) -> dict[str, Any]:
    return {name: factor * np.asarray(block, dtype=np.float64) for name, block in blocks.items()}


def _right_blocks(net: Network, point: Point) -> dict[str, Any]:
    from chainrule.check.conventions import Scale as Convention
    from chainrule.check.conventions import blocks_in, parts_of

    parts = parts_of(net, point)
    return {} if parts is None else blocks_in(Convention(), point, parts)


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


def entries_right(module: ModuleType, net: Network, bind: Bind, scale: Scale | None, l2: float, seed: int) -> float:
    """Return which share of a gradient's numbers is right wherever it is tried; 0 where it raises or lacks its form."""
    from chainrule.check.trial_points import SAMPLES, random_point

    bound, right = bind(module, net), np.ones(net.n_parameters, dtype=bool)
    for k, n in enumerate(SAMPLES):
        point = random_point(net, l2, seed + k, n)
        given = _given(net, point)
        try:
            came = _times(_blocks(net, bound(given), given), 1.0 / scale(n) if scale else 1.0)
        except Exception:  # of the student's code: the report tells it
            return 0.0
        wanted = _right_blocks(net, point)
        right &= np.concatenate([_same_entries(came[name], wanted[name]) for name in net.shapes])
    return float(right.mean())


def _same_entries(came: Any, wanted: Any) -> npt.NDArray[np.bool_]:
    """Say of each number of a block whether it is right, relative to the largest of the block."""
    close = SAME * max(float(np.abs(wanted).max(initial=0.0)), 1e-12)
    right: npt.NDArray[np.bool_] = np.isclose(came, wanted, rtol=0.0, atol=close).ravel()
    return right


def as_verdict(report: BackpropReport, share: float) -> Verdict:
    """Tell a report as a verdict: its share is that of what is right, or what a single mistake leaves."""
    if report.ok:
        return Verdict("right", 1.0)
    mistakes = tuple(NamedMistake(one.name, one.sentence, one.remedy, one.where) for one in report.mistakes)
    status: Status = "crashed" if report.raised else "wrong"
    readings = (f"Or: {reading}" for one in report.mistakes for reading in one.readings)
    where = report.hint(1) if report.wrong or not report.clues else report.clues[0]
    clues = (*readings, *report.clues, *_numbers_of_samples(report), *_side_by_side(report))
    return Verdict(status, max(share, _floor(report)), mistakes, clues, where)


def _numbers_of_samples(report: BackpropReport) -> Iterator[str]:
    """Say which number in an error's words is that of the samples."""
    from chainrule.check.trial_points import SAMPLES

    for n in SAMPLES if report.raised else ():
        if any(re.search(rf"\b{n}\b", clue.partition("It said:")[2]) for clue in report.clues):
            yield say("{n} is the number of samples here.", n=n)


def _side_by_side(report: BackpropReport) -> Iterator[str]:
    """Tell the wrong numbers with the right ones; entries that agree are left out."""
    for one in report.samples:
        if not same(np.asarray(one.given), np.asarray(one.right)):
            came, right = told_apart(one.given, one.right)
            yield say("{place}: yours {came}, right {right}.", place=one.place, came=came, right=right)


def _floor(report: BackpropReport) -> float:
    """What code is worth at least whose one mistake, or two, explain all that is wrong: the rest of it is right."""
    explained = bool(report.mistakes) and not report.clues and not report.raised
    nothing = any(one.name == "gradient-zero" for one in report.mistakes)
    return 0.0 if nothing or not explained else {1: 0.5, 2: 0.25}.get(len(report.mistakes), 0.0)
