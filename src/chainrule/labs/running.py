"""Running a lab once: its trainings one after the other, printed, kept and measured as its script says."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule import datasets
from chainrule.errors import ChainruleError, InvalidValue, check_count
from chainrule.labs.own_data import course_data
from chainrule.labs.results import LabResult
from chainrule.labs.score import measure
from chainrule.labs.settings import Config, configure
from chainrule.labs.task_result import Snapshot, TaskResult
from chainrule.network.engine_choice import check_engine, preferred, textbook_seconds
from chainrule.network.inputs import as_generator
from chainrule.training.minimize import minimize
from chainrule.training.progress import ProgressBar, describe_epoch
from chainrule.training.train import epochs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chainrule.datasets import Table
    from chainrule.labs.assignment import Assignment, Data
    from chainrule.labs.student import Student
    from chainrule.labs.task import Task
    from chainrule.maths.initializers import Generator
    from chainrule.network.engine_choice import Engine
    from chainrule.training.run import Epoch, Run

WORTH_COMPILING = 0.1  # seconds of the textbook engine from which a descent of a lab is compiled


def run_once(
    lab: Assignment,
    seed: int,
    *,
    data: Data | None = None,
    as_printed: bool = False,
    verbose: bool = False,
    progress: bool = True,
    engine: Engine = "auto",
    student: Student | None = None,
    animate: bool = False,
    settings: Mapping[str, object] | None = None,
) -> LabResult:
    """Run a lab with one seed, without its experiments. Arguments as for ``Lab.run``."""
    config = _configured(lab, settings or {}, engine, as_printed=as_printed)
    seed = check_count("random_state", seed, at_least=0)
    began = time.perf_counter()
    if verbose and as_printed:
        print(f"As printed: {lab.as_printed}")  # noqa: T201  # printing is what verbose means
    data = None if data is None else course_data(lab.course_files, data)
    table = None if data is None else datasets.load(data)
    lacking: dict[str, str] = {}

    def run(make: Callable[[Generator], Task]) -> TaskResult | None:
        task = make(as_generator(seed))
        if student is not None and (sheet := student.lacks(lab, task)):
            lacking[task.name] = sheet
            return None
        _check_animation(task, animate=animate)
        return _run_task(lab, task, engine, student, verbose=verbose, progress=progress, animate=animate)

    results, failure = _run_all(_makers(lab, config, data, table), run)
    if lacking and verbose:
        print(f"Left out, for want of {', '.join(sorted(set(lacking.values())))}: {', '.join(lacking)}.")  # noqa: T201
    if not results:
        raise InvalidValue(f"These runs need {', '.join(sorted(set(lacking.values())))}: name it with --with, too.")
    seconds = time.perf_counter() - began
    source = None if data is None else [str(path) for path in _paths(data)]
    classes = [] if table is None else list(table.class_names)
    return LabResult(
        lab, seed, {**config, "data": source, "classes": classes}, tuple(results), seconds, failure=failure
    )


def _configured(lab: Assignment, settings: Mapping[str, object], engine: Engine, *, as_printed: bool) -> Config:
    """Return all settings of a run, those that were not given as the lab has them."""
    if as_printed and lab.as_printed is None:
        raise InvalidValue(f"The lab {lab.name} has a text without a mistake to reproduce: leave --as-printed out.")
    chosen = configure(lab.name, lab.settings, settings)
    return {**chosen, "as_printed": bool(as_printed), "engine": check_engine(engine)}


def _run_all(
    makers: Iterable[Callable[[Generator], Task]], run: Callable[[Callable[[Generator], Task]], TaskResult | None]
) -> tuple[list[TaskResult], str | None]:
    """Run one task after the other, until one stops or fails: what is finished by then is kept, with the reason."""
    results: list[TaskResult] = []
    for make in makers:
        try:
            result = run(make)
        except ChainruleError as error:
            if not results:
                raise
            return results, f"The run after {results[-1].name} could not be made: {error}"
        if result is not None:
            results.append(result)
            if result.run.status == "stopped":
                break  # Ctrl-C means: enough
    return results, None


def _built_in_task(lab: Assignment, config: Config, name: str, generator: Generator) -> Task:
    return lab.task(config, generator, name)


def _own_task(lab: Assignment, config: Config, table: Table, path: str | PathLike[str], generator: Generator) -> Task:
    name = "_".join(filter(None, (Path(path).stem, config["own_run"])))
    return replace(lab.own_task(config, generator, table.X, table.T, name), reachable=None)


def _makers(
    lab: Assignment, config: Config, data: Data | None, table: Table | None
) -> list[Callable[[Generator], Task]]:
    """One function a training, which draws it from its generator."""
    if data is None or table is None:
        names = lab.run_names(config)
        if not names:
            raise InvalidValue(f"The lab {lab.name} has no run left: its settings exclude each other. Change fewer.")
        return [partial(_built_in_task, lab, config, name) for name in names]
    if lab.n_classes not in (None, len(table.class_names)):
        raise InvalidValue(
            f"The lab {lab.name} separates two classes, {_spell(data)} has {len(table.class_names)}: "
            f"{', '.join(map(str, table.class_names[:10]))}."
        )
    return [partial(_own_task, lab, {**config, "own_run": run}, table, _paths(data)[0]) for run in lab.own_runs(config)]


def _run_task(
    lab: Assignment,
    task: Task,
    engine: Engine,
    student: Student | None,
    *,
    verbose: bool,
    progress: bool,
    animate: bool,
) -> TaskResult:
    """Train one network, printing and keeping on the way what the script says, and what an animation shows."""
    task = task if student is None else replace(task, net=student.take(lab, task))
    script, snapshots, film, log = lab.script, list[Snapshot](), list[Snapshot](), list[str]()
    kept = ((script.keeps, snapshots), (lambda number: animate and is_frame(number), film))
    began = time.perf_counter()
    piped = verbose and not sys.stdout.isatty()  # whoever pipes the lines on wants them alone
    with ProgressBar(task.name, task.cap, enabled=progress and not piped) as bar:

        def each(epoch: Epoch) -> None:
            for keeps, places in kept:
                if keeps(epoch.number):
                    places.append(Snapshot(epoch.number, epoch.loss, epoch.theta))
            if verbose and script.shows(epoch.number):
                log.append(script.line(epoch))
                bar.print(log[-1])

        def shows(number: int) -> bool:
            return any(keeps(number) for keeps, _ in kept) or (verbose and script.shows(number))

        for words in filter(None, (script.heading(task), *task.notes)) if verbose else ():
            bar.print(words)
        if student is None:
            run = _train(task, engine, bar, each, shows)
        else:
            run = student.train(lab, task, lambda number: bar.show(number, str), each, shows)
        run = lab.judge(task, run)
    result = _measure(lab, task, run, snapshots, time.perf_counter() - began)
    if verbose:
        for line in script.closing(result):
            print(line)  # noqa: T201
    return replace(result, log=tuple(log), film=tuple(film))


def is_frame(number: int) -> bool:
    """Whether an animation shows an epoch: all up to 4, then two a doubling, because learning slows down.

    >>> [number for number in range(40) if is_frame(number)]
    [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
    """
    return number % (1 << max(0, number.bit_length() - 2)) == 0


def _check_animation(task: Task, *, animate: bool) -> None:
    """Refuse, before it begins, a training that no animation can show."""
    if animate and (task.score != "accuracy" or task.X.shape[1] != 2):
        raise InvalidValue(
            f"--animate (animate=) shows classes in a plane, and {task.name} has "
            f"{task.X.shape[1]} features{'' if task.score == 'accuracy' else ' and numbers for targets'}: leave it out."
        )


def _measure(lab: Assignment, task: Task, run: Run, snapshots: Sequence[Snapshot], seconds: float) -> TaskResult:
    """Put a finished run together with its accuracies and what else the lab reports."""
    train_accuracy = measure(task.score, task.net, run.theta, task.X, task.T)
    test_accuracy = None if task.test is None else measure(task.score, task.net, run.theta, *task.test)
    result = TaskResult(task, run, train_accuracy, test_accuracy, tuple(snapshots), seconds)
    return replace(result, extras=lab.extras(result))


def _train(
    task: Task, engine: Engine, bar: ProgressBar, each: Callable[[Epoch], None], shows: Callable[[int], bool]
) -> Run:
    """Descend, or hand the task to SciPy; ``each`` sees the epochs that are shown."""
    if task.method is None:
        training = epochs(task.net, task.X, task.T, task.theta, engine=_worthwhile(task, engine), **task.training)
        return training.finish(bar, each, shows)

    def watch(epoch: Epoch) -> None:
        each(epoch)
        bar.show(epoch.number, partial(describe_epoch, epoch))

    return minimize(
        task.net,
        task.X,
        task.T,
        task.theta,
        method=task.method,
        callback=watch,
        progress=False,
        engine=engine,
        **task.training,
    )


def _worthwhile(task: Task, engine: Engine) -> Engine:
    """Leave a short descent to the textbook engine, unless the user prefers another.

    A lab has so few of them that to compile kernels, the first time, would take longer than all of its runs.
    """
    if (engine, preferred()) != ("auto", "auto"):
        return engine
    batch_size = task.training.get("batch_size") or len(task.X)
    seconds = textbook_seconds(task.net, len(task.X), batch_size, task.cap)
    return "textbook" if seconds < WORTH_COMPILING else "auto"


def _paths(data: Data) -> list[str | PathLike[str]]:
    return [data] if isinstance(data, str | PathLike) else list(data)


def _spell(data: Data) -> str:
    return ", ".join(str(path) for path in _paths(data))
