"""Growth: how the time of a row, or of an operation, changes as rows, width and depth grow. It should fall or stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.counts import epoch_flops
from benchmarks.pool import Pool, WorkerError, rest, rotated
from benchmarks.workloads import COMPILED, SCIKIT_LEARN, WORKLOADS, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.training import Effort

CONTENDERS = (COMPILED, SCIKIT_LEARN)
SLACK = 1.08  # "stays" allows for the noise of a clock
ROWS, WIDTHS, DEPTHS = (1_000, 10_000, 100_000, 1_000_000), (32, 64, 128, 256, 512), tuple(range(1, 9))


def _base(name: str, n_rows: int, hidden: tuple[int, ...]) -> Workload:
    return replace(
        WORKLOADS["digits-float32"], name=name, title=name, data="normal", n_rows=n_rows, sizes=(64, *hidden, 10)
    )


def series() -> dict[str, tuple[str, list[tuple[int, Workload]]]]:
    """Return each way to grow: what is held constant, and the workload at each step."""
    return {
        "rows": ("row", [(n, _base(f"rows {n}", n, (100,))) for n in ROWS]),
        "width": ("operation", [(w, _base(f"width {w}", 2_000, (w, w))) for w in WIDTHS]),
        "depth": ("operation", [(d, _base(f"depth {d}", 2_000, (128,) * d)) for d in DEPTHS]),
    }


def falls_or_stays(values: list[float]) -> bool:
    """Whether no value is more than 8 % above the least before it, and so none climbs unseen."""
    return all(value <= SLACK * min(values[: at + 1]) for at, value in enumerate(values))


def measure_growth(pool: Pool, effort: Effort, repetitions: int, show: Callable[[str], None]) -> list[dict[str, Any]]:
    """Time chainrule and scikit-learn along each series; return the nanoseconds a row or an operation."""
    results = []
    for name, (unit, steps) in series().items():
        values: dict[str, list[float]] = {}
        for step, workload in steps:
            show(f"growth: {name} {step}")
            divisor = workload.n_rows if unit == "row" else epoch_flops(workload)
            for contender, seconds in _measure(workload, pool, effort, repetitions).items():
                values.setdefault(contender, []).append(1e9 * seconds / divisor)
        kept = {contender: numbers for contender, numbers in values.items() if len(numbers) == len(steps)}
        ours = kept.get(COMPILED)
        results.append(
            {
                "series": name,
                "unit": f"ns per {unit}",
                "steps": [step for step, _ in steps],
                "setting": pool.setting.name,
                "values": kept,
                "reached": None if ours is None else falls_or_stays(ours),
            }
        )
    return results


def _measure(workload: Workload, pool: Pool, effort: Effort, repetitions: int) -> dict[str, float]:
    """Return each contender's median seconds an epoch; one that fails is left out."""
    epochs = effort.epochs(workload)
    seconds: dict[str, list[float]] = {}
    for name in CONTENDERS:
        try:
            pool[name].ask("prepare", workload=workload.to_dict())
            pool[name].ask("warm", epochs=1)
            seconds[name] = []
        except WorkerError:
            continue
    for repetition in range(repetitions):
        for name in rotated([*seconds], repetition):
            seconds[name].append(pool[name].ask("time", epochs=epochs)["seconds_per_epoch"])
            rest()
    return {name: float(np.median(values)) for name, values in seconds.items()}
