"""Predictions measured: one row, and very many, by the same network everywhere: digits' 64-100-10."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.contenders import ONNXRUNTIME, PREDICT_PROBA
from benchmarks.pool import Pool, WorkerError, rest, rotated
from benchmarks.targets import FasterThan, Measured, judge
from benchmarks.workloads import COMPILED, EAGER, SCIKIT_LEARN, WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workloads import Workload

MANY = 100_000
OURS = PREDICT_PROBA  # like against like: scikit-learn's predict_proba is an estimator's too
CONTENDERS = (COMPILED, PREDICT_PROBA, SCIKIT_LEARN, EAGER, ONNXRUNTIME)
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
TARGETS = {
    1: (FasterThan(SCIKIT_LEARN, 5),),
    MANY: (FasterThan(SCIKIT_LEARN, 1), FasterThan(EAGER, 1), FasterThan(ONNXRUNTIME, 1)),
}


def measure_predictions(pool: Pool, repetitions: int, show: Callable[[str], None]) -> list[dict[str, Any]]:
    """Time every contender in both dtypes, for one row and for many."""
    results = []
    for dtype in ("float32", "float64"):
        workload = replace(WORKLOADS[f"digits-{dtype}"], weight_init="glorot")
        for n_rows in (1, MANY):
            results.append(_measure(workload, n_rows, pool, repetitions, show))  # noqa: PERF401  # it takes seconds
    return results


def _measure(
    workload: Workload, n_rows: int, pool: Pool, repetitions: int, show: Callable[[str], None]
) -> dict[str, Any]:
    problems = _prove(workload, n_rows, pool, show)
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS if name not in problems}
    for repetition in range(repetitions):
        for name in rotated([*seconds], repetition):
            show(f"predict {n_rows} rows, {workload.dtype}: {name}")
            seconds[name].append(pool[name].ask("time_prediction"))
            rest()
    medians = {name: float(np.median(values)) for name, values in seconds.items()}
    verdicts = judge(TARGETS[n_rows], pool.setting.name, Measured(medians, OURS, 0))
    return {
        "dtype": workload.dtype,
        "rows": n_rows,
        "setting": pool.setting.name,
        "seconds": seconds,
        "medians": medians,
        "problems": problems,
        "targets": [vars(verdict) for verdict in verdicts],
    }


def _prove(workload: Workload, n_rows: int, pool: Pool, show: Callable[[str], None]) -> dict[str, str]:
    """Let each contender predict the same rows; return why some cannot be timed."""
    problems, wanted = {}, None
    for name in CONTENDERS:
        show(f"predict {n_rows} rows, {workload.dtype}: is {name} right?")
        try:
            Y = np.asarray(pool[name].ask("predict", workload=workload.to_dict(), n_rows=n_rows))
        except WorkerError as error:
            problems[name] = str(error)
            continue
        wanted = Y if wanted is None else wanted
        if not np.allclose(Y, wanted, rtol=0, atol=TOLERANCE[workload.dtype]):
            problems[name] = f"wrong: a probability is {np.abs(Y - wanted).max():.2g} off"
    return problems
