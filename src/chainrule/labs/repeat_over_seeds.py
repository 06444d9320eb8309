"""Repeating over seeds: the same lab with several seeds, on all cores, summed up in shares, medians and ranges."""

from __future__ import annotations

import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.errors import ChainruleError, InvalidValue, check_count
from chainrule.labs.experiment import KILLED
from chainrule.labs.folder import results_folder
from chainrule.labs.results import lab_of, versions, write_results
from chainrule.labs.running import run_once
from chainrule.labs.summary import summarise, thin
from chainrule.training.progress import ProgressBar

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from chainrule.labs.assignment import Assignment
    from chainrule.labs.results import LabResult
    from chainrule.labs.task_result import TaskResult
    from chainrule.plot import Picture

LONGEST_HISTORY = 500  # points of a curve that results.json keeps of each of many runs


@dataclass(frozen=True)
class SeedsResult:
    """A lab run once a seed.

    Attributes
    ----------
    lab : Lab
    seeds : tuple of int
        Those that are done.
    results : tuple of LabResult
        One a seed.
    seconds : float
    interrupted : bool
        Whether Ctrl-C left seeds out.
    """

    lab: Assignment = field(repr=False)
    seeds: tuple[int, ...]
    results: tuple[LabResult, ...] = field(repr=False)
    seconds: float
    interrupted: bool = False  # whether Ctrl-C left seeds out

    def by_name(self) -> dict[str, list[tuple[int, TaskResult]]]:
        """Gather the runs of each name, with their seeds."""
        runs: dict[str, list[tuple[int, TaskResult]]] = {}
        for result in self.results:
            for task_result in result.results:
                runs.setdefault(task_result.name, []).append((result.seed, task_result))
        return runs

    def summary(self) -> dict[str, dict[str, Any]]:
        """Share converged, share that reaches the demanded accuracy, and [median, least, greatest] of the rest."""
        return {name: summarise([result.brief() for _, result in runs]) for name, runs in self.by_name().items()}

    def figures(self) -> dict[str, Picture]:
        """Draw the learning curves of all seeds over each other, one picture a run name."""
        from chainrule import plot

        return {
            f"{name}_seeds": plot.learning_curves(
                {f"seed {seed}": result.run.history["loss"] for seed, result in runs if result.run.epochs},
                title=f"{name}, {len(runs)} seeds",
            )
            for name, runs in self.by_name().items()
            if any(result.run.epochs for _, result in runs)
        }

    def to_dict(self) -> dict[str, Any]:
        """Return what results.json holds: as for one seed, with the seed in each run, and the summary."""
        return {
            **lab_of(self.lab),
            "seeds": list(self.seeds),
            "config": dict(self.results[0].config),
            "versions": versions(),
            "seconds": round(self.seconds, 3),
            "summary": self.summary(),
            "runs": [
                {"seed": result.seed, **run.to_dict(), "history": thin(run.run.history, LONGEST_HISTORY)}
                for result in self.results
                for run in result.results
            ],
        }

    def write(self, folder: Path) -> list[str]:
        """Write results.json, the figures, and each trained network into a draft; return their names."""
        runs = [run for result in self.results for run in result.results]
        return write_results(folder, self.to_dict(), self.figures(), runs)

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write results.json, the figures, and each trained network as NAME_seedN.safetensors; return the files.

        The folder appears whole or not at all, as ``LabResult.save`` has it.
        """
        with results_folder(folder, self.lab.name) as draft:
            names = self.write(draft)
        return [Path(folder) / name for name in names]


def run_seeds(lab: Assignment, seeds: Iterable[int], *, progress: bool, **arguments: Any) -> SeedsResult:
    """Run a lab once a seed on all cores; after Ctrl-C with the seeds that are done."""
    from joblib import delayed

    from chainrule.labs.workers import workers

    wanted = [check_count("seed", seed, at_least=0) for seed in seeds]
    if not wanted or len(set(wanted)) < len(wanted):
        raise InvalidValue("seeds must be one or more whole numbers, all different.")
    began = time.perf_counter()
    jobs = (delayed(_run_one)(lab, seed, arguments) for seed in wanted)
    done: list[LabResult] = []
    title = f"{lab.name}, {len(wanted)} seeds"
    with ProgressBar(title, len(wanted), enabled=progress) as bar:
        try:
            bar.show(0, str)
            with workers(lab, "generator") as pool:
                for result in pool(jobs):
                    done.append(result)
                    bar.show(len(done), str)
        except KeyboardInterrupt:
            if not done:
                raise
        except BrokenProcessPool as error:
            if not done:
                raise ChainruleError(f"No seed was finished: {KILLED}.") from error
    seconds = time.perf_counter() - began
    finished = tuple(result.seed for result in done)
    return SeedsResult(lab, finished, tuple(done), seconds, interrupted=len(done) < len(wanted))


def _run_one(lab: Assignment, seed: int, arguments: Mapping[str, Any]) -> LabResult:
    return run_once(lab, seed, progress=False, **arguments)
