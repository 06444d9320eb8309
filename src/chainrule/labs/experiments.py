"""Experiments: a lab's settings varied, each over several seeds, told in medians, ranges, outcomes and curves."""

from __future__ import annotations

import itertools
import math
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import ChainruleError
from chainrule.labs.settings import configure
from chainrule.labs.summary import summarise, thin
from chainrule.training.progress import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.labs.lab import Data, Lab
    from chainrule.labs.results import TaskResult
    from chainrule.network.engine_choice import Engine
    from chainrule.plot import Picture

RUN_SETTINGS = ("runs", "data_sets")  # the settings that say which trainings there are
POINTS = 200  # of each curve that is kept
DIGITS = 6  # of each of its values

Job: TypeAlias = "tuple[dict[str, Any], int]"  # settings and seed


@dataclass(frozen=True)
class Experiment:
    """A question put to a lab: every combination of the values of ``vary``, over several seeds.

    Attributes
    ----------
    name, title, question : str
    vary : mapping of setting to values
        Where a setting that says which trainings there are (``runs``, ``data_sets``) is varied, each of its values is
        one name, and the trainings are compared with each other; else each training's settings are.
    fixed : mapping of setting to value
        What else differs from the lab's defaults: the cap on epochs, and which trainings.
    seeds : int
    """

    name: str
    title: str
    question: str
    vary: Mapping[str, Sequence[Any]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 5

    @property
    def compares_runs(self) -> bool:
        """Whether trainings are compared, rather than settings of one."""
        return any(name in RUN_SETTINGS for name in self.vary)

    def combinations(self) -> list[dict[str, Any]]:
        """Return every combination of the values varied.

        >>> Experiment("e", "", "", {"rate": [1, 2], "hidden": [3]}).combinations()
        [{'rate': 1, 'hidden': 3}, {'rate': 2, 'hidden': 3}]
        """
        return [dict(zip(self.vary, values, strict=True)) for values in itertools.product(*self.vary.values())]


@dataclass(frozen=True)
class ExperimentResult:
    """An experiment that ran: a row for each combination and each training, and what is missing."""

    experiment: Experiment
    seeds: tuple[int, ...]
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    missing: tuple[dict[str, Any], ...]

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C left something out."""
        return any(gap["reason"] == INTERRUPTED for gap in self.missing)

    def to_dict(self) -> dict[str, Any]:
        """Return what results.json holds, in plain JSON types."""
        asked, caps = self.experiment, {run["cap"] for row in self.rows for run in row["runs"]}
        return {
            "name": asked.name,
            "title": asked.title,
            "question": asked.question,
            "vary": _jsonable(asked.vary),
            "fixed": _jsonable(asked.fixed),
            "seeds": list(self.seeds),
            "cap": caps.pop() if len(caps) == 1 else None,
            "rows": list(self.rows),
            "missing": list(self.missing),
        }

    def figures(self) -> dict[str, Picture]:
        """Draw the curves of all settings over each other, one picture for each group of rows."""
        from chainrule import plot

        groups: dict[str, dict[str, list[Any]]] = {}
        for row in self._drawn():
            curves = groups.setdefault(row["group"], {})
            curves.setdefault(row["label"], []).extend(_curve(run) for run in row["runs"])
        title = self.experiment.title
        return {
            f"experiment_{self.experiment.name}_{group}": plot.compare_curves(
                curves, title=title if self.experiment.compares_runs else f"{title}: {group}"
            )
            for group, curves in groups.items()
        }

    def _drawn(self) -> list[dict[str, Any]]:
        """Return the rows whose curves are drawn: of each group all, or the best where they are too many."""
        from chainrule.plot.curves import LINES

        drawn = []
        for group in dict.fromkeys(row["group"] for row in self.rows):
            rows = [row for row in self.rows if row["group"] == group]
            best = sorted(rows, key=lambda row: -score_of(row))[: len(LINES)]
            drawn += [row for row in rows if row in best]
        return drawn


def score_of(row: Mapping[str, Any]) -> float:
    """Return a row's median score on held-out samples, or on the training samples where none are held out."""
    summary = row["summary"]
    median: float = (summary["test_accuracy"] or summary["train_accuracy"])[0]
    return -math.inf if median is None or not math.isfinite(median) else median


INTERRUPTED = "Ctrl-C"
KILLED = "the process that computed it was killed, perhaps because memory ran out"


def run_experiments(
    lab: Lab,
    experiments: Sequence[Experiment],
    *,
    seed: int = 0,
    data: Data | None = None,
    as_printed: bool = False,
    progress: bool = True,
    engine: Engine = "auto",
    settings: Mapping[str, Any] | None = None,
) -> list[ExperimentResult]:
    """Run experiments on all cores, each training on one; after Ctrl-C with what is done.

    A training that several experiments ask for is done once. One that is refused (a batch larger than its data) is
    told in ``missing``.

    Parameters
    ----------
    lab : Lab
    experiments : sequence of Experiment
        Those that compare a lab's own trainings are left out where ``data`` takes their place.
    seed : int
        The first of the seeds.
    data, as_printed, progress, engine
        As for ``Lab.run``.
    settings : mapping, optional
        What the user turned: it holds wherever an experiment says nothing else.
    """
    asked = [experiment for experiment in experiments if data is None or not experiment.compares_runs]
    plans = [_plan(lab, experiment, seed, settings or {}) for experiment in asked]
    jobs: dict[str, Job] = {_key(job): job for plan in plans for _, job in plan}
    done = _run_all(lab, jobs, {"data": data, "as_printed": as_printed, "engine": engine}, progress=progress)
    return [_gather(experiment, plan, done) for experiment, plan in zip(asked, plans, strict=True)]


def _plan(lab: Lab, experiment: Experiment, seed: int, settings: Mapping[str, Any]) -> list[tuple[dict[str, Any], Job]]:
    """Return each combination of an experiment with the settings and the seed of one of its runs."""
    return [
        (varied, (configure(lab.name, lab.settings, {**settings, **experiment.fixed, **varied}), seed + i))
        for varied in experiment.combinations()
        for i in range(experiment.seeds)
    ]


def _key(job: Job) -> str:
    return repr(job)


def _run_all(
    lab: Lab, jobs: Mapping[str, Job], arguments: Mapping[str, Any], *, progress: bool
) -> dict[str, list[dict[str, Any]] | str]:
    """Run all jobs, the longest first; return the runs of each that was done, or why it was refused."""
    from joblib import delayed

    from chainrule.labs.workers import workers

    ordered = sorted(jobs.items(), key=lambda item: -_expected(item[1]))
    done: dict[str, list[dict[str, Any]] | str] = {}
    with ProgressBar(f"{lab.name}, experiments", len(jobs), enabled=progress) as bar:
        try:
            bar.show(0, str)
            with workers(lab, "generator_unordered") as pool:
                for key, outcome in pool(delayed(_run_job)(lab, key, job, arguments) for key, job in ordered):
                    done[key] = outcome
                    bar.show(len(done), str)
        except KeyboardInterrupt:
            pass  # what is missing is said by name
        except BrokenProcessPool:
            done |= dict.fromkeys(jobs.keys() - done.keys(), KILLED)
    return done


def _expected(job: Job) -> float:
    """How long a job takes, roughly: by the widths of its hidden layers, and its cap."""
    settings, _ = job
    given = settings.get("hidden") or ()
    hidden = given if isinstance(given, tuple) else (given,)
    cap = next((settings[name] for name in ("epochs", "n_epochs", "steps") if name in settings), 1)
    return float(cap * (100 + sum(a * b for a, b in itertools.pairwise((*hidden, 1)))))


def _run_job(lab: Lab, key: str, job: Job, arguments: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]] | str]:
    """Run a lab once, in a process of its own."""
    settings, seed = job
    try:
        result = lab.run(seed, progress=False, **arguments, **settings)
    except ChainruleError as error:
        return key, str(error)
    return key, INTERRUPTED if result.interrupted else [_record(seed, done) for done in result.results]


def _record(seed: int, done: TaskResult) -> dict[str, Any]:
    """Return the little that is kept of a run."""
    brief = done.brief()
    kept = ("status", "outcome", "epochs", "cap", "loss", "score", "accuracy", "dead_units", "seconds")
    curves = {name: done.run.history[name] for name in ("loss", "validation_loss") if name in done.run.history}
    return {
        "run": done.name,
        "seed": seed,
        **{name: brief[name] for name in kept if name in brief},
        **({"hidden": [layer.n_outputs for layer in done.task.net.layers[:-1]]} if "dead_units" in brief else {}),
        **_rises(done),
        "history": {name: [_rounded(value) for value in values] for name, values in thin(curves, POINTS).items()},
    }


def _rises(done: TaskResult) -> dict[str, float]:
    """In which share of the updates the loss rose; of mini-batches, and under a penalty, it may well."""
    losses = done.run.history["loss"]
    if done.task.training.get("batch_size") is not None or done.task.training.get("l2") or len(losses) < 2:
        return {}
    return {"rises": round(float((np.diff(losses) > 0).mean()), 3)}


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _gather(
    experiment: Experiment,
    plan: Sequence[tuple[dict[str, Any], Job]],
    done: Mapping[str, list[dict[str, Any]] | str],
) -> ExperimentResult:
    """Sort the runs of an experiment into rows, in the order of its combinations."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    missing: list[dict[str, Any]] = []
    for varied, job in plan:
        name, found = label(varied), done.get(_key(job), INTERRUPTED)
        if isinstance(found, str):
            missing.append({"label": name, "seed": job[1], "reason": found})
            continue
        for run in found:
            group = "runs" if experiment.compares_runs else run["run"]
            empty = {"settings": _jsonable(varied), "label": name, "run": run["run"], "group": group, "runs": []}
            rows.setdefault((name, run["run"]), empty)["runs"].append(run)
    for row in rows.values():
        row["summary"] = summarise(row["runs"])
    seeds = sorted({job[1] for _, job in plan})
    return ExperimentResult(experiment, tuple(seeds), tuple(rows.values()), tuple(missing))


def label(settings: Mapping[str, Any]) -> str:
    """Name a combination for a reader.

    >>> label({"learning_rate": 0.3, "hidden": (10, 10)}), label({"runs": "moons"})
    ('learning rate 0.3, hidden 10,10', 'moons')
    """
    return ", ".join(f"{_spell_name(name)}{spell_value(value)}" for name, value in settings.items())


def _spell_name(name: str) -> str:
    return "" if name in RUN_SETTINGS else name.replace("_", " ") + " "


def spell_value(value: Any) -> str:
    """Write a setting's value as one would type it."""
    if isinstance(value, list | tuple):
        return ",".join(map(spell_value, value))
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _jsonable(item) for name, item in value.items()}
    return [_jsonable(item) for item in value] if isinstance(value, list | tuple) else value


def _curve(run: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """Return the loss of a run by epochs, to where it ended; one that left the finite numbers ends in a NaN."""
    last = math.nan if run["status"] == "non_finite" else run["loss"]
    return [*run["history"]["epoch"], run["epochs"]], [*run["history"]["loss"], last]
