"""Attempts: the forms in which code may be called are tried, until one runs and what it gives makes sense."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field, replace
from itertools import islice, permutations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.calling import NoSuchReading, StudentError
from chainrule.check.examination import is_recognised, is_right_up_to_a_factor
from chainrule.check.names import assuming
from chainrule.check.raws import arrays_of, as_it_came, at_own_start, gradients_of, steps_of, with_names
from chainrule.check.returned_values import readings
from chainrule.check.wrappers import UnknownParameters
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.calling import Form
    from chainrule.check.edits.program import Point
    from chainrule.check.layouts import Layout
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

MOST_ASSUMED = 60  # forms that are tried with an unknown parameter taken for something
MOST_EXAMINED = 3  # forms in which a mistake is looked for
MOST_SECONDS = 1.0  # of processor time for a call: a check makes hundreds of them
SLOW = (
    "Calling your code once takes {:.1f} seconds of processor time: it trains for many rounds, or does far too much in "
    "one. Let it take one step (epochs=1, say), or hand over the function that computes one gradient."
)


Consult: TypeAlias = "Callable[[Sequence[Point], Form, bool], BackpropReport]"


@dataclass(frozen=True, eq=False)
class Candidate:
    """A form that ran and gave arrays that can be read as blocks, at the points that suit it."""

    form: Form
    points: Sequence[Point]
    raws: Sequence[Raw]
    in_one_step: bool  # whether it steps by all samples at once: half the rate is half the step
    recognised: bool | None  # whether its outputs or its loss are the network's; None where it tells neither


@dataclass(eq=False)
class Tried:
    """What became of the forms that were tried."""

    candidates: list[Candidate] = field(default_factory=list)
    unreadable: list[tuple[Form, Sequence[Point]]] = field(default_factory=list)
    failed: list[tuple[Form, Sequence[Point], Exception]] = field(default_factory=list)


def best_of(net: Network, points: Sequence[Point], forms: Iterable[Form], consult: Consult) -> BackpropReport:
    """Return the report of the form that makes most sense: right, else explained, else the first that runs.

    ``consult(points, form, thorough)`` checks one form; two mistakes at once are looked for if ``thorough``. A form in
    which the gradient is right, up to a factor, is looked for first: no mistake is named in a form that nobody meant.
    """
    tried, consult = Tried(), _with_either_error(consult)
    return _first_that_makes_sense(net, points, forms, consult, tried) or _examined(tried, consult)


def _first_that_makes_sense(
    net: Network, points: Sequence[Point], forms: Iterable[Form], consult: Consult, tried: Tried
) -> BackpropReport | None:
    """The report of the first form whose outputs or loss are the network's, or whose gradient is right."""
    for form, at, came in _that_run(net, points, forms, tried):
        if form.layout.samples != "all" and (_takes_all(form, tried) or _steps_by_all(came[0], tried, len(at[0].X))):
            return None
        if not came[0].exact and next(readings(net, gradients_of(came[0])), None) is None:
            tried.unreadable.append((form, at))
            continue
        in_one_step, heeding = _in_one_step(net, form, at[0], came[0])
        raws = came if heeding.knows_rate else [replace(raw, rate=None) for raw in came]
        one = Candidate(heeding, at, raws, in_one_step, is_recognised(net, at, raws))
        tried.candidates.append(one)
        if one.recognised or is_right_up_to_a_factor(net, at, raws):
            report = consult(at, heeding, one.recognised is True)
            if one.recognised or report.verdict != "wrong":
                return report
    return None


ASSUMABLE = ("T", "X", "Y", "error", "count", "once", "rate", "quiet", "widths", "X and T")
TOLD = {
    "T": "the targets",
    "X": "the inputs",
    "Y": "the outputs",
    "error": "∂loss/∂Y",
    "count": "the number of samples",
    "once": "the number of rounds (1)",
    "rate": "the learning rate",
    "quiet": "a switch (False)",
    "widths": "the layers' widths",
    "X and T": "the samples, inputs and targets",
}


def assumed(
    net: Network,
    points: Sequence[Point],
    forms: Callable[[], Iterable[Form]],
    consult: Consult,
    missing: Sequence[str],
    assumable: Sequence[str] = ASSUMABLE,
) -> BackpropReport | None:
    """Try what parameters whose names tell nothing may be: the first with which outputs, loss or gradient come right.

    None where nothing makes sense, or they are more than two: then the caller has to say it.
    """
    if not 0 < len(missing) <= 2:
        return None
    for roles in [(one,) for one in assumable] if len(missing) == 1 else permutations(assumable[:4], len(missing)):
        with assuming(dict(zip(missing, roles, strict=True))):
            try:
                report = _first_that_makes_sense(net, points, islice(forms(), MOST_ASSUMED), consult, Tried())
            except InvalidValue:
                continue
        if report is not None:
            taken = [f"{name!r} is taken for {TOLD[role]}" for name, role in zip(missing, roles, strict=True)]
            return replace(report, notes=(*report.notes, f"{'; '.join(taken)}: with that your code makes sense."))
    return None


OTHER_ERRORS: dict[str, Callable[[Layout], Layout]] = {
    "mean-twice": lambda layout: replace(layout, summed_error=True),
    "output-derivative-missing": lambda layout: replace(layout, error_at_Z=True),
}
AT_Z = "What your last layer is handed is taken for Y − T: it passes it on as it is."


def _with_either_error(consult: Consult) -> Consult:
    """Consult once more where one factor is too many or missing: it may be in the error that we handed over."""

    def consulted(at: Sequence[Point], form: Form, thorough: bool) -> BackpropReport:
        report = consult(at, form, thorough)
        change = OTHER_ERRORS.get(report.mistakes[0].name) if len(report.mistakes) == 1 else None
        if change is None:
            return report
        layout = change(form.layout)
        other = consult(at, replace(form, layout=layout), thorough)
        if other.verdict in ("wrong", "undecided"):
            return report
        return replace(other, notes=(*other.notes, AT_Z)) if layout.error_at_Z else other

    return consulted


def _in_one_step(net: Network, form: Form, point: Point, raw: Raw) -> tuple[bool, Form]:
    """Whether code steps by all samples at once, in proportion to its rate; and whether it heeds a rate at all."""
    whole_batch = form.layout.samples == "all"
    if not raw.updated or (raw.starts_itself and not whole_batch):
        return False, form
    try:
        if raw.starts_itself:
            return form.is_in_one_step(net, point), form
        whole, half = steps_of(raw), form.step_at_half_rate(net, point)
    except (StudentError, InvalidValue, NoSuchReading, ValueError):
        return False, form
    if all(np.allclose(a, b, rtol=1e-7, atol=1e-12) for a, b in zip(whole, half, strict=True)):
        return False, replace(form, knows_rate=False)
    return whole_batch and all(
        np.allclose(a, 2.0 * b, rtol=1e-7, atol=1e-12) for a, b in zip(whole, half, strict=True)
    ), form


def _takes_all(form: Form, tried: Tried) -> bool:
    """Whether code takes all samples at once: it is not asked for one. What it steps by may be one after the other."""
    whole = [one for one in tried.candidates if one.form.layout.samples == "all"]
    return any(not one.raws[0].updated or one.in_one_step for one in whole) or (
        form.says_all and bool(tried.unreadable)
    )


def _steps_by_all(single: Raw, tried: Tried, n_samples: int) -> bool:
    """Whether code moves some matrix by all samples at once as by one after the other from the same place.

    Then it makes one step of all, and its other arrays are judged by that: of one sample the sum and the last are the
    same.
    """
    whole = [one.raws[0] for one in tried.candidates if one.form.layout.samples == "all" and one.raws[0].updated]
    return single.updated and any(_have_a_step_in_common(raw, single, n_samples) for raw in whole)


def _have_a_step_in_common(whole: Raw, single: Raw, n_samples: int) -> bool:
    """Whether an array moves alike in both, but for the number of samples."""
    pairs = [(a, b) for a, b in zip(steps_of(whole), steps_of(single), strict=False) if a.shape == b.shape]
    return any(
        np.allclose(a, factor * b, rtol=1e-7, atol=1e-9 * np.abs(a).max())
        for a, b in pairs
        for factor in (1.0, n_samples, 1.0 / n_samples)
        if a.size > 1 and np.abs(a).max() > 0
    )


def _examined(tried: Tried, consult: Consult) -> BackpropReport:
    """Examine forms of which none is right: the first that is explained, else that of most right blocks.

    Of those that fail that is told which came farthest.
    """
    known = [one for one in tried.candidates if one.recognised is not False] or tried.candidates
    whole = [one for one in known if one.form.layout.samples == "all"][:MOST_EXAMINED]
    single = [one for one in known if one.form.layout.samples != "all"][: MOST_EXAMINED if not whole else 2]
    undecided = None  # as code is that shuffles all samples: with one alone it may be settled
    reports = []
    for one in (*whole, *single):
        report = consult(one.points, one.form, False)
        reports.append(report)
        if report.verdict.startswith("right") or (report.mistakes and not report.clues):
            return report
        undecided = report if report.verdict == "undecided" else undecided
    if undecided is not None:
        return undecided
    if known:
        most = max(zip(reports, (*whole, *single), strict=True), key=lambda pair: len(pair[0].right))[1]
        return consult(most.points, most.form, True)
    if tried.unreadable:
        form, at = tried.unreadable[0]
        return consult(at, form, True)
    if isinstance(tried.failed[0][2], UnknownParameters):
        raise tried.failed[0][2]
    crashed = [one for one in tried.failed if isinstance(one[2], StudentError)]
    if crashed:
        form, at, _ = max(crashed, key=lambda one: _last_line(one[2]))
        return consult(at, form, True)
    raise tried.failed[0][2]


def _that_run(
    net: Network, points: Sequence[Point], forms: Iterable[Form], tried: Tried
) -> Iterator[tuple[Form, Sequence[Point], list[Raw]]]:
    """The forms that run and give what no form before gave, with the points that suit them, and what came back."""
    seen: list[Raw] = []
    for form in forms:
        at = [with_labels(point) for point in points] if form.layout.targets.startswith("labels") else points
        began = time.process_time()
        try:
            with np.errstate(all="ignore"):
                raws = [with_names(net, point, as_it_came(form(net)(point))) for point in at]
        except NoSuchReading:
            continue
        except (StudentError, InvalidValue) as error:
            _refuse_long(began, len(at))
            tried.failed.append((form, at, error))
            continue
        _refuse_long(began, len(at))
        at = [at_own_start(net, point, raw) for point, raw in zip(at, raws, strict=True)]
        if not any(_is_same(raws[0], other) for other in seen):
            seen.append(raws[0])
            yield form, at, raws


def _refuse_long(began: float, calls: int) -> None:
    """Refuse code whose calls take so long that a check, which makes hundreds, would not end.

    Raises
    ------
    InvalidValue
        With how long one took.
    """
    if (seconds := (time.process_time() - began) / calls) > MOST_SECONDS:
        raise InvalidValue(SLOW.format(seconds))


def _last_line(error: Exception) -> tuple[int, int]:
    """How far a student's code came: how many calls deep, and the line in which the innermost of its frames stood."""
    cause = error.__cause__ or error
    frames = traceback.extract_tb(cause.__traceback__)
    return len(frames), (frames[-1].lineno or 0 if frames else 0)


def with_labels(point: Point) -> Point:
    """A point whose targets are classes: the largest of several outputs, 0 or 1 of one."""
    T = point.T
    return replace(point, T=np.eye(T.shape[1])[T.argmax(axis=1)] if T.shape[1] > 1 else np.round(T))


def _is_same(one: Raw, other: Raw) -> bool:
    """Whether two forms gave the same: then they are one."""
    if one.loss != other.loss and not (one.loss is None or other.loss is None or one.loss != one.loss):
        return False
    if (one.loss is None) != (other.loss is None) or one.updated != other.updated:
        return False
    some, others = arrays_of(one), arrays_of(other)
    return len(some) == len(others) and all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(some, others, strict=True)
    )
