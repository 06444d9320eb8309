"""Observed training: a student's own program is run as its author runs it, and its steps are held against the gradient.

It never says that code is wrong: a program of which nothing is recognised may be right all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.backprop_report import BackpropReport, listed
from chainrule.check.conventions import Scale, scales
from chainrule.check.factors import factor_of
from chainrule.check.names import role_of
from chainrule.check.observed_parameters import last_word
from chainrule.check.observed_programs import functions_of, names_in, programs_of
from chainrule.check.observed_run import WATCHING, begin_of
from chainrule.check.observed_steps import Budget, Judge
from chainrule.check.observed_widths import networks_in
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FunctionType

    from chainrule.check.observed_steps import Observation
    from chainrule.network.network import Network

MOST_RUNS = 3  # of one training that end as they should
RUN_AS_IT_IS = "Your program was run as it is"
RUN_WITH_SAMPLES = "Your {called} was run with samples of ours"
MOVED = (
    "{run}: in each of the {n} steps that were watched, {names} moved by {c:.4g} times the gradient of the mean loss."
)
MEMORY = "Each step also holds {memory:.4g} of the step before, as momentum does."


def observed_where_needed(
    check: Callable[[], BackpropReport], student: Any, net: Network, rate: float, stated: Scale
) -> BackpropReport:
    """The report of a check, or what the student's own program shows where that refuses, does not know, or accuses.

    A program that is being watched may call the check itself: it learns nothing there.
    """
    if WATCHING.get():
        return BackpropReport("undecided")
    try:
        report = check()
    except InvalidValue:
        if (seen := by_observation(student, net, rate, stated)) is not None:
            return seen
        raise
    if report.verdict.startswith("right"):
        return report
    return by_observation(student, net, rate, stated) or report


def by_observation(student: Any, net: Network, rate: float, stated: Scale) -> BackpropReport | None:
    """What the steps of a student's own program show: right, or right up to a factor; None where they show nothing."""
    ended: Counter[str] = Counter()
    functions = functions_of(student)
    for program in programs_of(student, net, rate):
        if ended[program.called] >= MOST_RUNS:
            continue
        watch, budget = program.watched(), Budget()
        ended[program.called] += watch.raised is None
        for meant in networks_in(net, watch) if program.is_whole and functions else [net]:  # a script is its network
            found = Judge(meant, budget).observed(watch, partial(_is_own, functions))
            if found is not None:
                report = _told(meant, found, program.called, stated)
                if report is not None:
                    return report
    return None


def _is_own(functions: Sequence[FunctionType], found: Observation) -> bool:
    """Whether steps were seen from within the code that was handed over, of what it names; a file is all that it runs.

    Beside it others may train what looks alike.
    """
    begins, names = {begin_of(one.__code__) for one in functions}, set[str]().union(*map(names_in, functions))
    own = all(re.split(r"\W", f"{path}", maxsplit=1)[0] in names for path in found.guess.paths)
    return not functions or (own and all(not begins.isdisjoint(look.within) for look in found.looks))


def _told(net: Network, found: Observation, called: str, stated: Scale) -> BackpropReport | None:
    """The report of steps that are the gradient, in the convention that the program's rate tells."""
    run = RUN_AS_IT_IS if called == "" else RUN_WITH_SAMPLES.format(called=called)
    names = listed([f"{one}" for one in found.guess.paths])
    first = found.steps[0]
    notes = [MOVED.format(run=run, n=len(found.steps), names=names, c=first.c)]
    if found.steps[-1].memory:
        notes.append(MEMORY.format(memory=found.steps[-1].memory))
    scale = _scale(net, found)
    if scale is None:
        return None
    if scale == stated:
        return BackpropReport("right", notes=tuple(notes), right=_blocks(net))
    return BackpropReport(
        "right up to a factor", (factor_of(net, scale, stated),), notes=tuple(notes), right=_blocks(net)
    )


def _blocks(net: Network) -> tuple[str, ...]:
    return tuple(f"d{name}" for name in net.shapes)


def _scale(net: Network, found: Observation) -> Scale | None:
    """The convention in which the steps are the rate times the gradient, the usual one first; None where there is none.

    Where nothing is called a rate, what stands between step and gradient is taken for it; nobody steps uphill.
    """
    c = np.array([step.c for step in found.steps])
    n = np.array([step.N for step in found.steps], dtype=np.float64)
    rates = [*_rates(found)]
    if not rates:
        return Scale(by_n=found.by_n) if c[0] > 0 else None
    for scale in scales(penalized=False, several_outputs=net.n_outputs > 1):
        factor = scale.data / (net.n_outputs if scale.over_outputs else 1.0) * (n if scale.by_n else 1.0)
        if scale.data > 0 and any(np.allclose(c, rate * factor, rtol=1e-5, atol=0.0) for rate in [1.0, *rates]):
            return scale
    return None


def _rates(found: Observation) -> Iterator[float]:
    """The numbers that are called a rate in the looks."""
    held = {path: one for look in found.looks for path, one in look.values.items() if one.size == 1}
    for path, one in held.items():
        if role_of(last_word(path)) == "rate" and one.item() > 0:
            yield one.item()
