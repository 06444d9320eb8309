"""A sweep: 64 small fits of S4 on all cores, by joblib, in threads for chainrule and in processes for scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import Parallel, delayed

from benchmarks.contenders import ours, scikit_learn
from benchmarks.data import load
from benchmarks.pool import Pool, WorkerError, rest, rotated
from benchmarks.workloads import COMPILED, SCIKIT_LEARN, WORKLOADS, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

N_FITS, EPOCHS, TARGET = 64, 1000, 15


def in_threads(workload: Workload, n_fits: int, epochs: int) -> list[float]:
    """chainrule's fits share one process; its engine lets go of the GIL."""
    samples, net = load(workload), workload.network()
    fit = delayed(ours.fit_one)
    return Parallel(n_jobs=-1, prefer="threads")(fit(workload, samples, net, seed, epochs) for seed in range(n_fits))


def in_processes(workload: Workload, n_fits: int, epochs: int) -> list[float]:
    """scikit-learn's fits hold the GIL, so joblib's own default, processes, is its fastest way."""
    values = workload.to_dict()
    return Parallel(n_jobs=-1)(delayed(scikit_learn.fit_one)(values, seed, epochs) for seed in range(n_fits))


FITS: dict[str, Callable[[Workload, int, int], list[float]]] = {COMPILED: in_threads, SCIKIT_LEARN: in_processes}


def measure_sweep(pool: Pool, repetitions: int, show: Callable[[str], None]) -> dict[str, Any]:
    """Time both in turn, their pools warmed up; return the seconds of all fits and how many times ours is as fast."""
    asked = {"workload": WORKLOADS["xor-21"].to_dict(), "n_fits": N_FITS, "epochs": EPOCHS}
    seconds: dict[str, list[float]] = {}
    losses: dict[str, float] = {}
    problems: dict[str, str] = {}
    for name in FITS:
        try:
            pool[name].ask("sweep", **asked | {"epochs": 2})
            seconds[name] = []
        except WorkerError as error:
            problems[name] = str(error)
    for repetition in range(repetitions):
        for name in rotated([*seconds], repetition):
            show(f"{N_FITS} fits: {name}")
            done = pool[name].ask("sweep", **asked)
            seconds[name].append(done["seconds"])
            losses[name] = done["loss"]
            rest()
    medians = {name: float(np.median(values)) for name, values in seconds.items()}
    ratio = medians[SCIKIT_LEARN] / medians[COMPILED] if len(medians) == len(FITS) else None
    return {
        "fits": N_FITS, "epochs": EPOCHS, "seconds": seconds, "medians": medians, "mean_loss": losses,
        "problems": problems, "ratio": ratio, "target": TARGET, "reached": None if ratio is None else ratio >= TARGET,
    }  # fmt: skip
