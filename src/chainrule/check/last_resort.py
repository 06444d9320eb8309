"""The last resort: code of which nothing is named in any form, at any rate, is called anew and read layer by layer.

The reader explains almost any constant and any order of mistakes. So it speaks after everything else has been tried:
it never decides between two forms, rates or conventions, and what it says holds at a point that nobody had looked at.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.attempts import with_labels
from chainrule.check.calling import NoSuchReading, StudentError
from chainrule.check.diagnosis import Diagnostician
from chainrule.check.examination import Stated, read, tell
from chainrule.check.raws import as_it_came, at_own_start, with_names
from chainrule.check.trial_points import random_point
from chainrule.errors import ChainruleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.calling import Form
    from chainrule.check.conventions import Answer, Scale
    from chainrule.check.edits.program import Point
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

THIRD, SAMPLES_OF_THIRD = 2, 11  # the seed of the point that nothing was looked for at, and its number of samples
SINGLES = 2  # samples of each point that are looked at alone
BETWEEN_CALLS = ("stale", "accumulated")  # what a second call shows: then its numbers are not those of its point
MOST_OTHERS = 2  # forms of one sample at a time that are read, where that of all samples is not explained
RATE = "Your code steps by {:.4g} times this gradient: that is taken for its rate."
KEPT = ("changes-arguments", "gradient-transposed")  # of the report before: what no block shows


def read_again(
    net: Network,
    consulted: Sequence[tuple[Sequence[Point], Form, BackpropReport]],
    report: BackpropReport,
    convention: Scale,
) -> BackpropReport:
    """Read code of whose mistakes not all have a name; return the report as it was where that says nothing.

    ``consulted`` are the points, forms and reports of all that was tried: the form of this report is read.
    """
    alike = [one for one in consulted if (one[2].mistakes, one[2].clues) == (report.mistakes, report.clues)]
    if not alike or not _is_open(report):
        return report
    points, form, _ = alike[-1]
    told, is_whole = _read(net, points, form, report, convention)
    if told is None or not is_whole:
        others = [(at, one) for at, one, _ in consulted if one.layout.samples != "all" and one is not form]
        for at, one in others[:MOST_OTHERS] if form.layout.samples == "all" else ():
            of_samples, is_whole = _read(net, at, one, report, convention)
            if is_whole:
                return of_samples or report
    return told or report


def _read(
    net: Network, points: Sequence[Point], form: Form, report: BackpropReport, convention: Scale
) -> tuple[BackpropReport | None, bool]:
    """Read code in a form; None where that says nothing, and whether it explains every block."""
    at = [*points, _third(net, points, form)]
    raws = [raw for point in at if (raw := _raw_at(net, form, point)) is not None]
    if len(raws) < len(at):
        return None, False
    at = [_where(net, point, raw) for point, raw in zip(at, raws, strict=True)]
    answers = next(iter(read(net, at, raws)), None)
    if answers is None:
        return None, False
    reader, any_rate = Diagnostician(net, at, answers, convention), raws[0].updated and raws[0].rate is None
    found = reader.diagnose(by_layers=True, any_rate=any_rate)
    notes = report.notes
    if any_rate:
        if found.unexplained or not found.explanations:  # a rate that is read off a part of the blocks is none
            return None, False
        rate, found = found.scale.data, replace(found, scale=replace(found.scale, data=1.0))
        answers = [replace(one, blocks={name: g / rate for name, g in one.blocks.items()}) for one in answers]
        notes = (*notes, RATE.format(rate))
    elif found.unexplained:
        found = reader.by_own_values(found, _single_samples(net, at, raws, answers, form))
    if not found.explanations and not found.own_errors:
        return None, False
    told = tell(net, at, answers, found, notes, Stated(convention))
    kept = [one for one in report.mistakes if one.name in KEPT]
    told = replace(told, mistakes=(*told.mistakes, *kept), notes=tuple(dict.fromkeys(told.notes)))
    return told, not found.unexplained


def _is_open(report: BackpropReport) -> bool:
    """Whether blocks are wrong that no name explains, and no single number either."""
    names, places = {one.name for one in report.mistakes}, {one.where for one in report.mistakes}
    return (
        report.verdict == "wrong"
        and bool(report.clues)
        and not report.raised
        and not places >= set(report.wrong)
        and names.isdisjoint(BETWEEN_CALLS)
        and not any(note.startswith(BETWEEN_CALLS) for note in report.notes)
    )


def _third(net: Network, points: Sequence[Point], form: Form) -> Point:
    """A point that the report before did not look at: with the caller's samples, where the caller gave them."""
    alike = points[0].N == points[1].N
    point = random_point(net, points[0].l2, THIRD, points[0].N if alike else SAMPLES_OF_THIRD)
    if points[0].X is points[1].X:
        point = replace(point, X=points[0].X, T=points[0].T)
    return with_labels(point) if form.layout.targets.startswith("labels") else point


def _raw_at(net: Network, form: Form, point: Point) -> Raw | None:
    """What the code gives at a point, None where it gives nothing there."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return with_names(net, point, as_it_came(form(net)(point)))
    except (StudentError, ChainruleError, NoSuchReading):
        return None


def _where(net: Network, point: Point, raw: Raw) -> Point:
    return replace(at_own_start(net, point, raw), rate=raw.rate or float(raw.updated))


def _single_samples(
    net: Network, points: Sequence[Point], raws: Sequence[Raw], answers: Sequence[Answer], form: Form
) -> tuple[list[Point], list[Answer]] | None:
    """Call the code with one sample at a time, and read what comes as its other answers were read; None where it fails.

    Samples of the last class are taken, for code that counts the classes by the largest label.
    """
    singles, came = [], []
    for point, raw in zip(points, raws, strict=True):
        last = np.argsort(-point.T.argmax(axis=1), kind="stable")[:SINGLES]
        for k in last.tolist():
            one = replace(point, X=point.X[k : k + 1], T=point.T[k : k + 1])
            if (found := _raw_at(net, form, one)) is None:
                return None
            singles.append(at_own_start(net, one, found))
            came.append(replace(found, rate=raw.rate, exact=raw.exact))
    for way in read(net, [*points, *singles], [*raws, *came]):
        if all(np.array_equal(way[0].blocks[name], answers[0].blocks[name]) for name in net.shapes):
            return singles, way[len(points) :]
    return None
