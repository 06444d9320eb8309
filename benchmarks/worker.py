"""A worker: one contender in a process of its own. It reads a request a line, answers a line, and sleeps in between.

``python -m benchmarks.worker NAME`` is started by the pool, with threads and core already set. Requests and answers
are JSON; whatever a library prints goes to standard error, so that it cannot break a line.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import os
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_info

from benchmarks import contenders
from benchmarks.data import load
from benchmarks.rates import exp_rates, gemm_rate, measure_rates
from benchmarks.sweep import FITS
from benchmarks.workloads import Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workloads import Layers

ENOUGH_SECONDS = 0.2  # of calls, where one call is too short to time


def whole_loss(workload: Workload, layers: Layers) -> float:
    """Mean cross-entropy over all rows at these parameters, in float64: the one number that all are checked by."""
    X, labels, T = load(workload)
    A = X.astype(np.float64)
    for layer, (W, b) in enumerate(layers):
        Z = A @ W.astype(np.float64) + (0 if b is None else b.astype(np.float64))
        if layer < len(layers) - 1:
            A = np.maximum(Z, 0) if workload.hidden == "relu" else 1 / (1 + np.exp(-Z))
    if Z.shape[1] == 1:
        return float(np.mean(np.logaddexp(0, Z) - T * Z))
    shifted = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]))


def seconds_of(work: Callable[[], object]) -> float:
    """Time one call, the garbage swept before it."""
    gc.collect()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


class Worker:
    """What a contender can be asked; each method is a request."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.contender: Any = contenders.make(name)
        self.workload: Workload | None = None

    def versions(self) -> dict[str, str]:
        """Return the versions of the contender's libraries."""
        distributions = {"sklearn": "scikit-learn"}
        return {
            library: importlib.metadata.version(distributions.get(library, library))
            for library in self.contender.libraries
        }

    def prepare(self, workload: dict[str, Any]) -> None:
        """Load a workload."""
        self.workload = Workload.from_dict(workload)
        self.contender.prepare(self.workload)

    def check(self, epochs: int) -> float:
        """Train in the textbook's batch order and return the loss on all rows."""
        return whole_loss(self._trained_as(), self.contender.check(epochs))

    def warm(self, epochs: int) -> None:
        """Train untimed, as it will be timed, where each number of epochs is compiled; else the check has warmed up."""
        if self.contender.compiles_each_length:
            self._train_both(epochs)

    def time(self, epochs: int) -> dict[str, float]:
        """Time a run of 1 epoch and one of so many more; what an epoch takes is their difference.

        Checking inputs, placing parameters and a last look at the loss are in both runs, so they cancel out. A whole
        fit is timed as it is.
        """
        first, more = self._train_both(epochs)
        if self.workload is not None and self.workload.whole_fit:
            return {"seconds_per_epoch": more / epochs, "first": first, "more": more}
        return {"seconds_per_epoch": (more - first) / epochs, "first": first, "more": more}

    def _train_both(self, epochs: int) -> tuple[float, float]:
        whole = self.workload is not None and self.workload.whole_fit
        first = 0.0 if whole else seconds_of(lambda: self.contender.train(1))
        return first, seconds_of(lambda: self.contender.train(epochs if whole else 1 + epochs))

    def _trained_as(self) -> Workload:
        if self.workload is None:
            raise RuntimeError("Nothing is prepared yet.")
        return self.workload.for_scikit_learn() if self.name in contenders.ADAPTED else self.workload

    def predict(self, workload: dict[str, Any], n_rows: int) -> list[list[float]]:
        """Make ready to predict so many rows, and return the first probabilities to be compared."""
        asked = Workload.from_dict(workload)
        self.rows = np.random.default_rng(1).random((n_rows, asked.sizes[0])).astype(asked.dtype)
        self.predictor = self.contender.predictor(asked)
        for _ in range(5):
            Y = self.predictor(self.rows)
        return np.asarray(Y)[:3].tolist()

    def time_prediction(self) -> float:
        """Median seconds of a call, over as many as there is time for."""
        seconds: list[float] = []
        spent = 0.0
        while spent < ENOUGH_SECONDS or len(seconds) < 3:
            begin = time.perf_counter()
            self.predictor(self.rows)
            seconds.append(time.perf_counter() - begin)
            spent += seconds[-1]
        return float(np.median(seconds))

    def sweep(self, workload: dict[str, Any], n_fits: int, epochs: int) -> dict[str, float]:
        """Fit so many small networks side by side on all cores; return the seconds and the mean last loss."""
        begin = time.perf_counter()
        losses = FITS[self.name](Workload.from_dict(workload), n_fits, epochs)
        return {"seconds": time.perf_counter() - begin, "loss": float(np.mean(losses))}

    def rates(self, workload: dict[str, Any], n_cores: int) -> dict[str, float]:
        """Measure the machine, in this process's thread setting."""
        return asdict(measure_rates(Workload.from_dict(workload), n_cores))

    def gemm(self, dtype: str) -> float:
        """Operations a second of the contender's own library's product of matrices."""
        return gemm_rate(dtype, self.contender.product)

    def exps(self, dtype: str) -> dict[str, float]:
        """Seconds an element of every exp at hand."""
        return exp_rates(dtype)

    def blas(self) -> list[dict[str, Any]]:
        """Return what threadpoolctl sees in this process."""
        return list(threadpool_info())


def answer(worker: Worker, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out one request; an error becomes an answer."""
    asked = getattr(worker, request.pop("do"))
    try:
        return {"result": asked(**request)}
    except Exception as error:  # a contender may fail in any way; the run goes on without it
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}


def serve(name: str) -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        worker = Worker(name)
    except ImportError as error:
        missing = (error.name or str(error)).split(".")[0]
        answers.write(json.dumps({"error": f"Missing {missing}: install chainrule[bench]"}) + "\n")
        return
    answers.write(json.dumps({"result": worker.versions()}) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(answer(worker, json.loads(line))) + "\n")


if __name__ == "__main__":
    serve(sys.argv[1])
