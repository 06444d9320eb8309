"""The suite: everything measured in one run, part by part, with a progress line on a terminal."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.defaults import measure_defaults
from benchmarks.growth import measure_growth
from benchmarks.machine import describe_machine
from benchmarks.pool import Pool, WorkerError, all_cores, one_core
from benchmarks.predictions import measure_predictions
from benchmarks.startup import measure_startup
from benchmarks.sweep import measure_sweep
from benchmarks.training import SMALL, Effort, measure, reckoned_seconds
from benchmarks.workloads import TEXTBOOK, WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.workloads import Workload

PARTS = ("defaults", "startup", "predictions", "sweep", "growth")


class Suite:
    """One run of the suite: what to measure, and how thoroughly."""

    def __init__(
        self, effort: Effort, *, quick: bool, only: tuple[str, ...], setting: str | None, core: int | None, log: Path
    ) -> None:
        self.effort, self.quick, self.only, self.log = effort, quick, only, log
        self.one = one_core(min(os.sched_getaffinity(0)) if core is None else core)
        self.all = all_cores()
        self.settings = {"one": [self.one], "all": [self.all], "both": [self.one, self.all]}[
            setting or ("one" if quick else "both")
        ]
        self.results: dict[str, Any] = {"machine": describe_machine(), "quick": quick, "training": []}

    def workloads(self) -> list[Workload]:
        """Workloads that were asked for; a quick run leaves the large ones out unless they are named."""
        if self.only:
            return [workload for name, workload in WORKLOADS.items() if name in self.only]
        small = [workload for workload in WORKLOADS.values() if reckoned_seconds(workload) < SMALL]
        return small if self.quick else [*WORKLOADS.values()]

    def wants(self, part: str) -> bool:
        """Whether a part beside the training workloads was asked for."""
        return part in self.only or (not self.only and not (self.quick and part == "growth"))

    def run(self) -> dict[str, Any]:
        """Measure everything and return plain values, ready for JSON."""
        begin = time.perf_counter()
        self.log.write_text("")
        n_trainings = len(self.workloads()) * len(self.settings)
        with progress_line(n_trainings + sum(self.wants(part) for part in PARTS)) as (show, advance):
            for setting in self.settings:
                with Pool(setting, self.log) as pool:
                    self._train(pool, show, advance)
                    if setting is self.settings[0]:
                        self._beside(pool, show, advance)
                    self._note(pool)
            if self.wants("sweep"):
                with Pool(self.all, self.log) as pool:
                    self.results["sweep"] = measure_sweep(pool, 2 if self.quick else 3, show)
                advance()
            if self.wants("defaults"):
                self.results["defaults"] = measure_defaults(self.one, self.all, 1 if self.quick else 3, show)
                advance()
            if self.wants("startup"):
                self.results["startup"] = measure_startup(self.one, 1 if self.quick else 3, self.effort.without, show)
                advance()
        self.results["minutes"] = (time.perf_counter() - begin) / 60
        return self.results

    def _train(self, pool: Pool, show: Callable[[str], None], advance: Callable[[], None]) -> None:
        for workload in self.workloads():
            try:
                self.results["training"].append(measure(workload, pool, self.effort, show).to_dict())
            except WorkerError as error:
                self.results["training"].append(
                    {"workload": workload.to_dict(), "setting": pool.setting.name, "problem": str(error)}
                )
            advance()

    def _beside(self, pool: Pool, show: Callable[[str], None], advance: Callable[[], None]) -> None:
        """Predictions and growth are measured in the first setting alone."""
        if self.wants("predictions"):
            self.results["predictions"] = measure_predictions(pool, 3 if self.quick else 7, show)
            advance()
        if self.wants("growth"):
            self.results["growth"] = measure_growth(pool, self.effort, 2 if self.quick else 5, show)
            advance()

    def _note(self, pool: Pool) -> None:
        """Keep versions, missing libraries, BLAS and the exps of this setting."""
        textbook = pool[TEXTBOOK]
        self.results.setdefault("versions", {}).update(pool.versions())
        self.results["missing"] = sorted({*self.results.get("missing", []), *pool.missing()})
        self.results.setdefault("blas", {})[pool.setting.name] = textbook.ask("blas")
        self.results["exp_seconds"] = {dtype: textbook.ask("exps", dtype=dtype) for dtype in ("float32", "float64")}


@contextmanager
def progress_line(total: int) -> Iterator[tuple[Callable[[str], None], Callable[[], None]]]:
    """Show what is being measured, on a terminal alone: (say what, one part is done)."""
    console = Console(stderr=True)
    columns = (
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield (lambda text: bar.update(task, description=text)), (lambda: bar.advance(task))
