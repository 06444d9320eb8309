"""Called again: the same code at the same place, and after other samples; what one call leaves to the next is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import BackpropReport, beside
from chainrule.check.calling import NoSuchReading, StudentError
from chainrule.check.raws import arrays_of, as_it_came
from chainrule.check.repeated_calls import adds_up, alike
from chainrule.check.sentences import told_mistake
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.calling import Call, Form
    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

STATEFUL = "Your code keeps something from step to step, as momentum does: its first step is what was checked."
ADDS_UP = "Gradients add up from call to call until they are set back: each was checked from a fresh object."


def form_again(
    net: Network, points: Sequence[Point], form: Form, raws: Sequence[Raw], report: BackpropReport
) -> BackpropReport:
    """Call a form again at the same place, and an object after other samples."""
    again = called_again(form(net), points, raws, report, form.repeated(net, points[1]))
    new = {one.name for one in again.mistakes} - {one.name for one in report.mistakes}
    if form.resets and new & {"stale", "accumulated"}:
        return replace(report, notes=(*report.notes, ADDS_UP))
    if (raws[0].updated and raws[0].rate is None) or form.resets or new & {"stale", "accumulated"}:
        return again
    return _after_another(net, points, form, raws[0], again)


def called_again(
    call: Call, points: Sequence[Point], raws: Sequence[Raw], report: BackpropReport, repeated: Sequence[Raw] | None
) -> BackpropReport:
    """Call the same code again: what comes must be what came, and nothing that was handed over may have changed."""
    extra = [told_mistake("changes-arguments", "the arrays that it is given")] if raws[0].changed else []
    fresh = arrays_of(raws[1])
    try:
        with np.errstate(all="ignore"):
            calls = [arrays_of(one) for one in repeated or [as_it_came(call(points[1])) for _ in range(3)]]
    except StudentError:  # other samples than at the first call, and what it kept does not fit them
        calls = []
    if not calls or not all(alike(one, fresh) for one in calls[: 2 if repeated else 1]):
        adds = bool(calls) and all(len(one) == len(fresh) for one in calls) and adds_up(calls)
        if repeated and raws[0].updated and not (adds and _is_doubled(calls)):
            return replace(report, notes=(*report.notes, STATEFUL))
        extra.append(told_mistake("accumulated" if adds else "stale"))
    return beside(report, *extra)


def _after_another(
    net: Network, points: Sequence[Point], form: Form, fresh: Raw, report: BackpropReport
) -> BackpropReport:
    """Call an object with other samples first, as many: what is left of those must not come back."""
    n = points[0].N
    other = replace(points[1], X=points[1].X[:n], T=points[1].T[:n])
    try:
        with np.errstate(all="ignore"):
            after = form.after_another(net, other, points[0])
            before = form(net)(other) if fresh.updated else None
    except (StudentError, InvalidValue, NoSuchReading):  # a class that is made of its data, say: nothing is shown
        return report
    if after is None or alike(arrays_of(after), arrays_of(fresh)):
        return report
    if before is not None and _is_momentum(arrays_of(after), arrays_of(fresh), arrays_of(before)):
        return report
    return beside(report, told_mistake("stale"))


def _is_momentum(after: Sequence[Vector], fresh: Sequence[Vector], before: Sequence[Vector]) -> bool:
    """Whether a step after another one is made of both, as momentum and rates that fade make it."""
    if not len(after) == len(fresh) == len(before):
        return False
    first, second, mixed = (np.concatenate([one.ravel() for one in step]) for step in (before, fresh, after))
    parts = np.stack([first, second], axis=1)
    off = parts @ np.linalg.lstsq(parts, mixed, rcond=None)[0] - mixed
    return bool(np.abs(off).max() <= 1e-6 * np.abs(mixed).max(initial=1e-12))


def _is_doubled(calls: Sequence[Sequence[Vector]]) -> bool:
    """Whether the second of several steps from one place is twice the first: momentum's is less."""
    return all(np.allclose(b, 2.0 * a, rtol=1e-6, atol=1e-12) for a, b in zip(calls[0], calls[1], strict=True))
