"""Running experiments: every combination of settings over several seeds, on all cores."""

from __future__ import annotations

import itertools
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import ChainruleError, InvalidValue
from chainrule.labs.experiment import AS_PRINTED, INTERRUPTED, KILLED, Experiment, ExperimentResult, jsonable, label
from chainrule.labs.running import run_once
from chainrule.labs.settings import configure
from chainrule.labs.summary import summarise, thin
from chainrule.training.progress import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.labs.assignment import Assignment, Data
    from chainrule.labs.student import Student
    from chainrule.labs.task_result import TaskResult
    from chainrule.network.engine_choice import Engine

POINTS = 200  # of each curve that is kept
DIGITS = 6  # of each of its values

Job: TypeAlias = "tuple[dict[str, Any], int]"  # settings and seed
Outcome: TypeAlias = "tuple[str, list[dict[str, Any]] | str]"  # a job's key, and its runs or why there are none


def run_experiments(
    lab: Assignment,
    experiments: Sequence[Experiment],
    *,
    seed: int = 0,
    data: Data | None = None,
    as_printed: bool = False,
    progress: bool = True,
    engine: Engine = "auto",
    student: Student | None = None,
    settings: Mapping[str, Any] | None = None,
    client: Any = None,
) -> list[ExperimentResult]:
    """Run experiments on all cores, each training on one, or on a Dask cluster; after Ctrl-C with what is done.

    A training that several experiments ask for is done once. One that is refused (a batch larger than its data) is
    told in ``missing``.

    Parameters
    ----------
    lab : Assignment
    experiments : sequence of Experiment
        Those that compare a lab's own trainings are left out where ``data`` takes their place.
    seed : int
        The first of the seeds.
    data, as_printed, progress, engine, student
        As for ``Lab.run``.
    settings : mapping, optional
        What the user turned: it holds wherever an experiment says nothing else.
    client : distributed.Client, optional
        Of the cluster that runs them.
    """
    asked = [experiment for experiment in experiments if data is None or not experiment.compares_runs]
    given = {**(settings or {}), AS_PRINTED: as_printed}
    plans = [_plan(lab, experiment, seed, given) for experiment in asked]
    jobs: dict[str, Job] = {_key(job): job for plan in plans for _, job in plan}
    done = _run_all(lab, jobs, {"data": data, "engine": engine, "student": student}, client, progress=progress)
    return [_gather(experiment, plan, done) for experiment, plan in zip(asked, plans, strict=True)]


def _plan(
    lab: Assignment, experiment: Experiment, seed: int, settings: Mapping[str, Any]
) -> list[tuple[dict[str, Any], Job]]:
    """Return each combination of an experiment with the settings and the seed of one of its runs."""
    plan = []
    for varied in experiment.combinations():
        asked = {**settings, **experiment.fixed, **varied}
        as_printed = asked.pop(AS_PRINTED)
        job = {**configure(lab.name, lab.settings, asked), AS_PRINTED: as_printed}
        plan += [(varied, (job, seed + i)) for i in range(experiment.seeds)]
    return plan


def _key(job: Job) -> str:
    return repr(job)


def _run_all(
    lab: Assignment, jobs: Mapping[str, Job], arguments: Mapping[str, Any], client: Any, *, progress: bool
) -> dict[str, list[dict[str, Any]] | str]:
    """Run all jobs, the longest first; return the runs of each that was done, or why it was refused."""
    ordered = dict(sorted(jobs.items(), key=lambda item: -_expected(item[1])))
    done: dict[str, list[dict[str, Any]] | str] = {}
    with ProgressBar(f"{lab.name}, experiments", len(jobs), enabled=progress) as bar:
        try:
            bar.show(0, str)
            outcomes = _on_cores(lab, ordered, arguments) if client is None else _on_cluster(
                lab, ordered, arguments, client
            )  # fmt: skip
            for key, outcome in outcomes:
                done[key] = outcome
                bar.show(len(done), str)
        except KeyboardInterrupt:
            pass  # what is missing is said by name
        except BrokenProcessPool:
            done |= dict.fromkeys(jobs.keys() - done.keys(), KILLED)
    return done


def _on_cores(lab: Assignment, jobs: Mapping[str, Job], arguments: Mapping[str, Any]) -> Iterator[Outcome]:
    from joblib import delayed

    from chainrule.labs.workers import workers

    with workers(lab, "generator_unordered") as pool:
        yield from pool(delayed(_run_job)(lab, key, job, arguments) for key, job in jobs.items())


def _on_cluster(
    lab: Assignment, jobs: Mapping[str, Job], arguments: Mapping[str, Any], client: Any
) -> Iterator[Outcome]:
    """Run them on a cluster; the lab with its samples goes there once. A job that ends its workers is missing."""
    from chainrule.scale.cluster import constant
    from chainrule.scale.remote_jobs import as_they_end

    there = constant(client, lab)
    for key, found in as_they_end(client, _run_job, {key: (there, key, job, arguments) for key, job in jobs.items()}):
        yield key, KILLED if isinstance(found, BaseException) else found[1]


def _expected(job: Job) -> float:
    """How long a job takes, roughly: by the widths of its hidden layers, and its cap."""
    settings, _ = job
    given = settings.get("hidden") or ()
    hidden = given if isinstance(given, tuple) else (given,)
    cap = next((settings[name] for name in ("epochs", "n_epochs", "steps") if name in settings), 1)
    return float(cap * (100 + sum(a * b for a, b in itertools.pairwise((*hidden, 1)))))


def _run_job(
    lab: Assignment, key: str, job: Job, arguments: Mapping[str, Any]
) -> tuple[str, list[dict[str, Any]] | str]:
    """Run a lab once, in a process of its own."""
    settings, seed = job
    turned = {name: value for name, value in settings.items() if name != AS_PRINTED}
    try:
        if settings[AS_PRINTED] and arguments["student"] is not None:
            raise InvalidValue("Your functions compute their own loss, not the text's.")
        result = run_once(lab, seed, progress=False, as_printed=settings[AS_PRINTED], settings=turned, **arguments)
        if result.failure:
            return key, result.failure
        return key, INTERRUPTED if result.interrupted else [_record(seed, done) for done in result.results]
    except ChainruleError as error:
        return key, str(error)
    finally:
        if arguments["student"] is not None:
            arguments["student"].close()


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
            empty = {"settings": jsonable(varied), "label": name, "run": run["run"], "group": group, "runs": []}
            rows.setdefault((name, run["run"]), empty)["runs"].append(run)
    for row in rows.values():
        row["summary"] = summarise(row["runs"])
    seeds = sorted({job[1] for _, job in plan})
    return ExperimentResult(experiment, tuple(seeds), tuple(rows.values()), tuple(missing))
