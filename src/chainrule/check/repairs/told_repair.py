"""A repair as it is told: the line of the student's text, what stands there, and with what the gradient is right."""

from __future__ import annotations

import ast
import linecache
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.backprop_report import Mistake, listed
from chainrule.check.diagnosis import backward_order
from chainrule.check.examination import IN_ENTRIES
from chainrule.check.repairs.repair_search import RepairSearch
from chainrule.check.repairs.right_blocks import RightBlocks
from chainrule.check.repairs.text_places import at
from chainrule.check.repairs.time_limit import OutOfTime, TimeLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.calling import Form
    from chainrule.check.conventions import Scale
    from chainrule.check.edits.program import Point
    from chainrule.check.repairs.repair_search import Repair
    from chainrule.check.repairs.source_edits import SourceEdit
    from chainrule.network.network import Network

NAME = "line-to-change"
SECONDS = (2.0, 0.7, 0.7)  # of processor time for each form in which code is repaired
LONGEST_CHECK = 5.0  # seconds that all calls of a check may take after an edit
WHAT = {"too early": "comes too early", "not needed": "is not needed"}
SURE, PARTLY_SURE = 0.9, 0.6

Consulted: TypeAlias = "Sequence[tuple[Sequence[Point], Form, BackpropReport]]"
Consult: TypeAlias = "Callable[[Sequence[Point], Form], BackpropReport]"


def with_repair(
    student: Any, net: Network, consulted: Consulted, report: BackpropReport, convention: Scale, consult: Consult
) -> BackpropReport:
    """Return the report of code of whose mistakes not all have a sure name with the lines that are to be changed.

    ``consulted`` are the points and forms that were tried, ``consult`` checks code in one of them as it is then. The
    report comes back as it is where no small change of the code's own text makes more of the gradient right.
    """
    is_open = bool(report.clues) and not {one.where for one in report.mistakes} >= set(report.wrong)
    if report.verdict != "wrong" or report.raised or not (is_open or _is_of_some_entries(report)):
        return report
    partly: BackpropReport | None = None
    with TimeLimit() as limit:
        searches = sorted(
            _searches(student, net, consulted, convention, consult, limit), key=lambda one: -one.start.n_right
        )
        for search, seconds in zip(searches, SECONDS, strict=False):
            repair = search.found(seconds)
            if repair is not None and repair.report is not None:
                return _told(report, repair, search, net)
            if is_open and repair is not None and partly is None and _stands(search, repair, net):
                partly = _told(report, repair, search, net)
    return partly or report


def _is_of_some_entries(report: BackpropReport) -> bool:
    """Whether a name is told that holds in some entries alone: so do many, and a line that mends all says more."""
    return any(IN_ENTRIES.split("{")[0] in one.sentence for one in report.mistakes)


def _searches(
    student: Any, net: Network, consulted: Consulted, convention: Scale, consult: Consult, limit: TimeLimit
) -> Iterator[Any]:
    """A search for each form that was tried and can be read, the last first."""
    seen: list[Form] = []
    for points, form, _ in reversed(consulted):
        if any(form.maker is one.maker and (form.layout, form.reading) == (one.layout, one.reading) for one in seen):
            continue
        seen.append(form)
        blocks = RightBlocks(net, form, points, convention, limit)
        search = RepairSearch(student, blocks, partial(_checked, consult, points, form, limit))
        if search.start is not None:
            yield search
        if len(seen) > len(SECONDS):
            return


def _checked(consult: Consult, points: Sequence[Point], form: Form, limit: TimeLimit) -> BackpropReport | None:
    try:
        with limit.once(LONGEST_CHECK):
            return consult(points, form)
    except (Exception, OutOfTime):  # whatever comes of code in which something else is written
        return None


def _stands(search: RepairSearch, repair: Repair, net: Network) -> bool:
    """Whether a repair of a part is told: where something was right before, and a block more is right after it."""
    assert search.start is not None, "It was searched."  # noqa: S101
    before, after = (_of_several(one.blocks(net), net) for one in (search.start, repair.judged))
    return bool(before) and before < after


def _of_several(names: Sequence[str], net: Network) -> set[str]:
    """The blocks of several entries: a single number is soon right."""
    return {name for name in names if np.prod(net.shapes[name]) > 1}


def _told(report: BackpropReport, repair: Repair, search: RepairSearch, net: Network) -> BackpropReport:
    """A report that tells the lines to change, and what remains."""
    assert search.start is not None, "It was searched."  # noqa: S101
    is_whole = repair.report is not None
    rest = repair.report.mistakes if repair.report is not None and repair.report.verdict == "wrong" else ()
    lines = [_line(edit, sure=SURE if is_whole else PARTLY_SURE) for edit in _last_of_each_place(repair.edits)]
    if not rest:
        lines[-1] = replace(lines[-1], remedy=f"{lines[-1].remedy} {_end(repair, net)}")
    right = search.start.blocks(net)
    wrong = tuple(f"d{name}" for name in backward_order(net) if name not in right)
    before = () if is_whole else report.mistakes
    return replace(
        report,
        mistakes=(*before, *lines, *rest),
        clues=() if is_whole else report.clues,
        wrong=wrong,
        right=tuple(f"d{name}" for name in backward_order(net) if name in right),
        samples=report.samples if report.wrong[:1] == wrong[:1] else (),
    )


def _last_of_each_place(edits: Sequence[SourceEdit]) -> list[SourceEdit]:
    """The edits but those in whose place something else was put by a later one."""
    places = [[(id(node), name, index) for (node, name, index), _ in edit.changes] for edit in edits]
    return [edit for k, edit in enumerate(edits) if places[k] not in places[k + 1 :]]


def _end(repair: Repair, net: Network) -> str:
    """What is right with all changes."""
    count = len(_last_of_each_place(repair.edits))
    changes = "this" if count == 1 else f"these {count} changes"
    if repair.report is None:
        mended = [f"d{name}" for name in repair.judged.blocks(net)]
        return f"With {changes} {listed(mended)} {'is' if len(mended) == 1 else 'are'} right."
    if repair.report.verdict == "right":
        return f"With {changes} the gradient is right."
    return f"With {changes} the gradient is right up to a factor. {repair.report.mistakes[0].sentence}"


def _line(edit: SourceEdit, *, sure: float) -> Mistake:
    """One edit as a mistake: its line is what is to be changed, in the words of the student's own text."""
    where = f"line {edit.statement.lineno}" + (f" of {edit.code.name}" if edit.code.name else "")
    text = linecache.getline(edit.code.file, edit.statement.lineno).strip()
    if edit.told:
        what = WHAT.get(edit.kind, f"stands {edit.kind}")
        return Mistake(NAME, where, f"In {where}, `{text}` {what}.", f"{edit.told}.", confidence=sure)
    if edit.kind == "assignment":
        sentence = f"In {where}, `{text}` makes the gradient wrong."
        return Mistake(NAME, where, sentence, f"Write `{edit.new}`.", confidence=sure)
    sentence = f"In {where}, `{text}`, the part `{_as_written(edit)}` makes the gradient wrong."
    return Mistake(NAME, where, sentence, f"Write `{edit.new}` in its place.", confidence=sure)


def _as_written(edit: SourceEdit) -> str:
    """What stands there, as its author wrote it, if that is one line."""
    node = at(edit.changes[0][0])
    written = None
    if hasattr(node, "end_col_offset"):
        written = ast.get_source_segment("".join(linecache.getlines(edit.code.file)), node)
    return written if written and "\n" not in written else edit.old
