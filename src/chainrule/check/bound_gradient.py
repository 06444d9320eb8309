"""The gradient of somebody's code as a function of theta, X and T, whatever its form: so that it can train."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.attempts import with_labels
from chainrule.check.backprop import report_and_form
from chainrule.check.calling import has_penalty
from chainrule.check.calls import bound
from chainrule.check.conventions import Scale, flat, outcome, same, scales
from chainrule.check.edits.program import Point
from chainrule.check.given import OF_PARAMETERS
from chainrule.check.raws import as_it_came, gradients_of, with_names
from chainrule.check.returned_values import all_readings, as_items
from chainrule.check.trial_points import SAMPLES, random_point
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.calling import Form
    from chainrule.check.edits.program import Vector
    from chainrule.network.network import Network

Gradient: TypeAlias = "Callable[[Vector, Vector, Vector, float], Vector]"  # (theta, X, T, l2) -> flat

STRENGTH = 0.37  # of the penalty at the trial points
MOST_READINGS = 50  # of arrays as blocks


def checked_gradient(function: Any, net: Network) -> tuple[BackpropReport, Gradient]:
    """Check a function's gradient; return the report, and gradient(theta, X, T, l2), flat, of the mean loss.

    Where the code is right, in a convention of its own, that is put right: what climbs descends, what is summed is
    averaged. Where it is wrong, it is taken as it comes.

    Raises
    ------
    InvalidValue
        Where it cannot be called, or gives no gradient at the parameters it is handed.
    """
    parameters, own = bound(function, net)  # what it asks for has to be known by its name: nothing is assumed
    taken = [*parameters, *(own.parameters if own else [])]
    if not any(one.role in (*OF_PARAMETERS, "cache", "caches") for one in taken):
        wrapper = f"def backprop({', '.join(net.shapes)}, X, T):"
        raise InvalidValue(
            f"{function.__name__} is not handed the parameters: only code that is can train. Write", wrapper
        )
    l2 = STRENGTH if has_penalty(function) else 0.0
    points = [random_point(net, l2, seed, n) for seed, n in enumerate(SAMPLES)]
    report, form = report_and_form(function, net, points)
    if form is None or report.raised or report.verdict == "undecided":
        raise InvalidValue(f"It cannot train: {report.hint(2)}")
    return report, _bound(form, net, points[0])


def _bound(form: Form, net: Network, point: Point) -> Gradient:
    call = form(net)

    def read_at(point: Point) -> Iterator[Vector]:
        raw = with_names(net, point, as_it_came(call(point)))
        if raw.starts_itself:
            raise InvalidValue("It makes its own parameters: only code that is handed them can train.")
        return (flat(net, blocks) for blocks in all_readings(net, as_items(gradients_of(raw))))

    trial = with_labels(point) if form.layout.targets.startswith("labels") else point
    reading, scale = _chosen(net, trial, list(islice(read_at(trial), MOST_READINGS)))

    def gradient(theta: Vector, X: Vector, T: Vector, l2: float) -> Vector:
        at = Point(theta, X, T, l2)
        found = next(islice(read_at(at), reading, None), None)
        if found is None:
            raise InvalidValue("What it returned cannot be read as the gradient of this network.")
        return found / scale.at(at)[0]

    return gradient


def _chosen(net: Network, point: Point, found: list[Vector]) -> tuple[int, Scale]:
    """The reading and the convention in which it is right; else the reading that is nearest, as it comes."""
    for scale in scales(penalized=point.l2 > 0, several_outputs=net.n_outputs > 1):
        right = outcome(net, point, scale)
        for number, one in enumerate(found):
            if right is not None and same(one, flat(net, right.blocks)):
                return number, scale
    if not found:
        raise InvalidValue("What it returned cannot be read as the gradient of this network.")
    right = outcome(net, point, Scale())
    assert right is not None, "The right program runs."  # noqa: S101
    target = flat(net, right.blocks)
    nearness = [abs(float(one @ target)) / max(float(np.linalg.norm(one)), 1e-300) for one in found]
    return int(np.nanargmax(nearness)), Scale()
