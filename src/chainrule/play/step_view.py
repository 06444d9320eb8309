"""Step by step: forward pass, loss, backward pass and update of chosen samples, each formula beside its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.explanation.step_formulas import write
from chainrule.explanation.subject import make_subject
from chainrule.explanation.worked_entries import worked
from chainrule.network.inputs import as_generator
from chainrule.play.live_run import LiveRun
from chainrule.training.batches import shuffled_batches
from chainrule.writers.mathml import mathml

if TYPE_CHECKING:
    from chainrule.explanation.subject import Subject
    from chainrule.maths.arrays import Array
    from chainrule.network.derivation import Step
    from chainrule.play.built_problem import Problem

MOST_ROWS = 12  # of a table; what is left out is said
MOST_COLUMNS = 16


def chosen(problem: Problem, scope: str, sample: int) -> tuple[Array, Array]:
    """Return the samples asked for: one, the first batch of an epoch that begins here, or all."""
    X, T = problem.X, problem.T
    size = problem.arguments.get("batch_size")
    if scope == "batch" and size:
        objective = problem.net.objective(X, T)
        first = next(iter(shuffled_batches(objective, min(size, len(X)), as_generator(problem.state.training.seed))))
        return first[0], first[1]
    if scope == "sample":
        k = sample % len(X)
        return X[k : k + 1], T[k : k + 1]
    return X, T


def written(live: LiveRun, scope: str, sample: int) -> list[dict[str, Any]]:
    """Write out every step at the run's parameters, from X to the updated parameters."""
    problem, theta = live.problem, live.moment.theta
    X, T = chosen(problem, scope, sample)
    subject = make_subject(problem.net, theta, X, T, problem.state.training.l2, None, columns=False)
    steps = [_given(subject)]
    phase = "forward"
    for step in subject.steps:
        if step.symbol == "losses":
            phase = "loss"
        elif step.symbol == "slopes":
            phase = "backward"
        steps.append(_written(subject, step, phase))
    return [*steps, *_updates(live, X, T)]


def _given(subject: Subject) -> dict[str, Any]:
    values = {"X": subject.values["X"], "T": subject.values["T"]}
    tables = {name: table(value) for name, value in values.items()}
    words = "The inputs X and the targets T, one sample a row."
    return {"phase": "forward", "symbol": "X", "text": words, "operands": [], "tables": tables}


def _written(subject: Subject, step: Step, phase: str) -> dict[str, Any]:
    line = write(step, subject.notation)
    entry = worked(subject, step)
    names = [name for name in step.operands if name in subject.values and name != "share"]
    return {
        "phase": phase,
        "symbol": step.symbol,
        "text": str(step),
        "formula": mathml(line.matrix, display=True),
        "entry": None if entry is None else mathml(entry.latex, display=True),
        "operands": names,
        "tables": {name: table(subject.values[name]) for name in (step.symbol, *names)},
    }


def _updates(live: LiveRun, X: Array, T: Array) -> list[dict[str, Any]]:
    """The first update that these samples alone would make, by the engine: block before, gradient, block after."""
    problem, theta = live.problem, live.moment.theta
    if problem.method is not None:
        return []
    after = _one_update(live, X, T)
    grads = problem.net.backward(theta, problem.net.forward(theta, X), T)
    steps = []
    shapes = list(problem.net.shapes)
    befores, afters, slopes = (_blocks(problem, flat) for flat in (theta, after, grads.theta))
    for name in shapes:
        tables = {f"{name} before": table(befores[name]), f"d{name}": table(slopes[name])}
        tables = {f"{name} after": table(afters[name]), **tables}
        words = f"{name} ← {name} − step(d{name}), by {problem.state.training.optimizer} from rest"
        steps.append({"phase": "update", "symbol": name, "text": words, "operands": [f"d{name}"], "tables": tables})
    return steps


def _one_update(live: LiveRun, X: Array, T: Array) -> Array:
    from dataclasses import replace

    problem = live.problem
    arguments = {**problem.arguments, "batch_size": None}
    arguments.pop("validation", None)
    arguments.pop("stop", None)
    alone = replace(problem, X=X, T=T, theta=live.moment.theta, arguments=arguments, held_out=None)
    once = LiveRun(alone, live.given)
    once.go(1)
    once.wait(1, 30.0)
    once.close()
    return once.moment.theta


def _blocks(problem: Problem, flat: Array) -> dict[str, Array]:
    blocks: dict[str, Array] = {}
    for number, (W, b) in enumerate(problem.net.views(flat), start=1):
        blocks[f"W{number}"] = W
        if b is not None:
            blocks[f"b{number}"] = b
    return blocks


def table(value: Any) -> dict[str, Any]:
    """Return numbers as rows for a page, the first of them where they are many; NaN and infinity as words."""
    array = np.atleast_2d(np.asarray(value, dtype=np.float64))
    rows = [[_number(x) for x in row[:MOST_COLUMNS]] for row in array[:MOST_ROWS]]
    return {"rows": rows, "shape": list(np.shape(value))}


def _number(value: float) -> float | str:
    return float(value) if math.isfinite(value) else str(value)
