"""Training measured: each contender proves its loss first, then all are timed in turn, repetition by repetition."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.contenders import reference_of
from benchmarks.counts import epoch_flops
from benchmarks.limit import Rates, limit_seconds
from benchmarks.pool import Pool, WorkerError, rest, rotated
from benchmarks.targets import ONE_CORE, Measured, Verdict, judge
from benchmarks.workloads import EAGER, JAX, TEXTBOOK, TORCH_COMPILED, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

UPDATE_SECONDS, FLOPS_A_SECOND = 200e-6, 30e9  # of a slow contender: what the number of epochs is reckoned from
SMALL = 1.0  # seconds a repetition is reckoned to take, up to which there are more repetitions


@dataclass(frozen=True)
class Effort:
    """How long a run may take: the seconds a repetition aims at, how many there are, and whom there is no time for."""

    seconds: float = 0.3
    repetitions: int = 9
    large_repetitions: int = 3
    without: tuple[str, ...] = ()

    def epochs(self, workload: Workload) -> int:
        """Epochs of a repetition, from counts alone and so the same for all; one would leave too small a difference."""
        return max(2, round(self.seconds / reckoned_seconds(workload)))

    def n_repetitions(self, workload: Workload, setting: str) -> int:
        """Large workloads are repeated less often, and everything less often on all cores."""
        if reckoned_seconds(workload) < SMALL:
            return self.repetitions if setting == ONE_CORE else (self.repetitions + 1) // 2
        return self.large_repetitions if setting == ONE_CORE else 2


FULL, QUICK = Effort(), Effort(0.1, 3, 2, without=(TORCH_COMPILED,))


def reckoned_seconds(workload: Workload) -> float:
    """Reckon what an epoch takes a slow contender."""
    return workload.n_updates * UPDATE_SECONDS + epoch_flops(workload) / FLOPS_A_SECOND


@dataclass
class Timing:
    """One contender on one workload: every repetition's seconds an epoch, or why there are none."""

    seconds: list[float] = field(default_factory=list)
    problem: str | None = None
    raw: list[dict[str, float]] = field(default_factory=list)
    loss: float | None = None
    reference: float | None = None

    @property
    def median(self) -> float | None:
        """Median seconds an epoch."""
        return float(np.median(self.seconds)) if self.seconds and not self.problem else None

    @property
    def one_epoch(self) -> float | None:
        """Median seconds of a whole run of 1 epoch, with everything that a call does once."""
        return float(np.median([both["first"] for both in self.raw])) if self.raw and not self.problem else None

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """The spread that is reported: from the first quartile to the third."""
        if not self.seconds or self.problem:
            return None
        low, high = np.percentile(self.seconds, [25, 75])
        return float(low), float(high)


@dataclass
class Result:
    """A workload in one setting."""

    workload: Workload
    setting: str
    epochs: int
    timings: dict[str, Timing]
    rates: Rates | None = None

    @property
    def limit(self) -> float | None:
        """The machine's limit for an epoch."""
        return None if self.rates is None else limit_seconds(self.workload, self.rates)

    @property
    def ours(self) -> float | None:
        """Our own median."""
        timing = self.timings.get(self.workload.ours)
        return None if timing is None else timing.median

    def verdicts(self) -> list[Verdict]:
        """Hold the workload's targets against the numbers."""
        medians = {name: timing.median for name, timing in self.timings.items()}
        seconds = {name: median for name, median in medians.items() if median is not None}
        gemm = None if self.rates is None else self.rates.gemm
        measured = Measured(seconds, self.workload.ours, epoch_flops(self.workload), self.limit, gemm)
        return judge(self.workload.targets, self.setting, measured)

    def to_dict(self) -> dict[str, Any]:
        """Everything for JSON, raw repetitions included."""
        contenders = {
            name: {
                "median": timing.median,
                "quartiles": timing.quartiles,
                "one_epoch": timing.one_epoch,
                **vars(timing),
            }
            for name, timing in self.timings.items()
        }
        return {
            "workload": self.workload.to_dict(),
            "setting": self.setting,
            "epochs": self.epochs,
            "flops_per_epoch": epoch_flops(self.workload),
            "limit": self.limit,
            "rates": None if self.rates is None else vars(self.rates),
            "contenders": contenders,
            "targets": [vars(verdict) for verdict in self.verdicts()],
        }


class References:
    """The textbook's losses on a workload, computed when a contender first needs them."""

    def __init__(self, workload: Workload, pool: Pool) -> None:
        self.workload, self.pool = workload, pool
        self._losses: dict[tuple[str, Workload], float] = {}

    def __getitem__(self, name: str) -> float:
        """Return the loss that the contender of this name must reach."""
        reference, workload = reference_of(name, self.workload)
        if (reference, workload) not in self._losses:
            self.pool[reference].ask("prepare", workload=workload.to_dict())
            self._losses[reference, workload] = self.pool[reference].ask("check", epochs=workload.check_epochs)
        return self._losses[reference, workload]


def prove(name: str, workload: Workload, pool: Pool, references: References) -> Timing:
    """Let one contender train as the textbook did, and say "wrong" where its loss is another."""
    timing = Timing()
    try:
        timing.reference = references[name]
        pool[name].ask("prepare", workload=workload.to_dict())
        timing.loss = pool[name].ask("check", epochs=workload.check_epochs)
    except WorkerError as error:
        timing.problem = str(error)
        return timing
    if not abs(timing.loss - timing.reference) <= workload.tolerance * abs(timing.reference):
        timing.problem = f"wrong: loss {timing.loss:.9g} where the textbook's is {timing.reference:.9g}"
    return timing


def measure(workload: Workload, pool: Pool, effort: Effort, show: Callable[[str], None]) -> Result:
    """Check all contenders, then time those that are right, in turn."""
    references = References(workload, pool)
    epochs = effort.epochs(workload)
    timings = {}
    for name in [name for name in workload.contenders if name not in effort.without]:
        show(f"{workload.name}: is {name} right?")
        timings[name] = prove(name, workload, pool, references)
        _try(timings[name], partial(pool[name].ask, "warm", epochs=epochs))
    right = [name for name, timing in timings.items() if timing.problem is None]
    before = _rates(workload, pool)
    for repetition in range(effort.n_repetitions(workload, pool.setting.name)):
        for name in rotated(right, repetition):
            show(f"{workload.name}: {name}")
            _try(timings[name], partial(_time, timings[name], pool, name, epochs))
            rest()
    return Result(workload, pool.setting.name, epochs, timings, before.best_of(_rates(workload, pool)))


def _time(timing: Timing, pool: Pool, name: str, epochs: int) -> None:
    """One repetition; the raw seconds of both runs are kept."""
    timing.raw.append(pool[name].ask("time", epochs=epochs))
    timing.seconds.append(timing.raw[-1]["seconds_per_epoch"])


def _rates(workload: Workload, pool: Pool) -> Rates:
    """Measure the machine; its matrix product is the best of NumPy's, PyTorch's and JAX's, of those installed."""
    rates = Rates(**pool[TEXTBOOK].ask("rates", workload=workload.to_dict(), n_cores=len(pool.setting.cores)))
    installed = [name for name in (EAGER, JAX) if pool[name].broken is None]
    products = [pool[name].ask("gemm", dtype=workload.dtype) for name in installed]
    return replace(rates, gemm=max([rates.gemm, *products]))


def _try(timing: Timing, work: Callable[[], object]) -> None:
    """A contender that fails now fails alone."""
    if timing.problem is None:
        try:
            work()
        except WorkerError as error:
            timing.problem = str(error)
