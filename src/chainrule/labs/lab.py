"""A lab is configuration: data, networks, training, words and pictures. Running it is the same for all of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule import datasets
from chainrule.errors import InvalidValue, check_count, choose
from chainrule.homework.exercise import defines
from chainrule.labs.experiments import Experiment, run_experiments
from chainrule.labs.repeat_over_seeds import run_seeds
from chainrule.labs.results import LabResult, Snapshot, TaskResult
from chainrule.labs.score import Score, measure
from chainrule.labs.settings import Config, Setting, configure
from chainrule.labs.texts import UNTOLD, Story
from chainrule.maths.initializers import Generator
from chainrule.network.engine_choice import check_engine
from chainrule.network.inputs import as_generator
from chainrule.training.minimize import minimize
from chainrule.training.progress import ProgressBar, describe_epoch
from chainrule.training.train import epochs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from chainrule.check import BackpropReport
    from chainrule.datasets import Table
    from chainrule.homework.exercise import Homework
    from chainrule.labs.repeat_over_seeds import SeedsResult
    from chainrule.maths.arrays import Array
    from chainrule.models import network_file
    from chainrule.network.engine_choice import Engine
    from chainrule.network.network import Network
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch, Run


@dataclass(frozen=True)
class Task:
    """One training of a lab: a network with its start, its data, and how it learns."""

    name: str
    net: Network
    theta: Array
    X: Array
    T: Array
    test: tuple[Array, Array] | None = None
    training: Mapping[str, Any] = field(default_factory=dict)  # arguments of cr.epochs, or of cr.minimize
    method: str | None = None  # of SciPy; without one the task descends
    score: Score = "accuracy"
    reachable: float | None = 0.9  # the score below which a run that no longer moves is stuck; None: nobody knows


@dataclass(frozen=True)
class Script:
    """What a lab says while it runs, in its text's own format."""

    heading: Callable[[Task], str | None]
    shows: Callable[[int], bool]  # of which epochs a line is printed
    line: Callable[[Epoch], str]
    closing: Callable[[TaskResult], Sequence[str]]
    keeps: Callable[[int], bool] = lambda number: False  # noqa: ARG005  # of which epochs a snapshot is kept


Data: TypeAlias = "str | PathLike[str] | Sequence[str | PathLike[str]]"
Tasks: TypeAlias = Callable[[Config, Generator, str], Task]
Figures: TypeAlias = Callable[[LabResult], "dict[str, Picture]"]


@dataclass(frozen=True)
class Lab:
    """An assignment that runs.

    Attributes
    ----------
    name, title, source : str
        What it is called, what it is about, and which text it answers.
    settings : tuple of Setting
        What a reader may turn.
    run_names : function (config) -> names
        The trainings of this configuration.
    task : function (config, generator, name) -> Task
        One training; its data and its start come from the generator, in the text's order.
    own_task : function (config, generator, X, labels, name) -> Task
        The same for data of the user's own, two or more classes 0, 1, ….
    script : Script
        What is printed.
    figures : function (LabResult) -> figures by name
    as_printed : str
        What is wrong with the text where ``as_printed=True`` reproduces it.
    extras : function (TaskResult) -> dict
        What this lab reports beside what all of them do.
    judge : function (Task, Run) -> Run
        What a run really is, where the optimizer's own word is not enough.
    n_classes : int, optional
        How many classes the user's own data must have; without it two or more.
    experiments : tuple of Experiment
        The questions that its report discusses.
    story : Story
        The words of its report that no run can compute.
    parts : tuple of Activation, Loss or Initializer
        Its own, which its networks' descriptions tell by name alone.
    homework : Homework, optional
        What its students are asked to write: ``chainrule lab start`` hands it out, ``chainrule check`` judges it.
    file : Path, optional
        Where it lies, if ``labs.load`` read it from a file.
    """

    name: str
    title: str
    source: str
    settings: tuple[Setting, ...]
    run_names: Callable[[Config], Sequence[str]]
    task: Tasks
    own_task: Callable[[Config, Generator, Array, Any, str], Task]
    script: Script
    figures: Figures
    as_printed: str | None = None
    extras: Callable[[TaskResult], Mapping[str, Any]] = lambda result: {}  # noqa: ARG005
    judge: Callable[[Task, Run], Run] = lambda task, run: run  # noqa: ARG005
    n_classes: int | None = None
    experiments: tuple[Experiment, ...] = ()
    story: Story = UNTOLD
    parts: tuple[network_file.Own, ...] = ()
    homework: Homework | None = None
    file: Path | None = None

    def run(
        self,
        random_state: int = 0,
        *,
        data: Data | None = None,
        as_printed: bool = False,
        verbose: bool = False,
        progress: bool = True,
        experiments: bool = False,
        engine: Engine = "auto",
        **settings: object,
    ) -> LabResult:
        """Run the lab and return what came of it; ``.save(folder)`` writes results, pictures and networks.

        Parameters
        ----------
        random_state : int
            The seed: each training opens its own legacy stream with it.
        data : path, or list of paths, optional
            Points of your own in place of the text's: what ``datasets.load`` reads.
        as_printed : bool
            Whether to reproduce the text with its mistake.
        verbose : bool
            Whether to print what the text prints.
        progress : bool
            Whether a bar may appear on a terminal.
        experiments : bool
            Whether to run the lab's experiments, too, from the same seed on; after Ctrl-C they are left out.
        engine : "auto", "textbook" or "compiled"
            Who computes, as for ``chainrule.train``.
        **settings
            What to turn, by name; a wrong name or value is answered with the valid ones.

        Examples
        --------
        >>> from chainrule import labs
        >>> result = labs.load("xor").run(data_sets="xor_easy", epochs=10)
        >>> result.results[0].run.status
        'max_epochs'
        """
        if as_printed and self.as_printed is None:
            raise InvalidValue(f"The lab {self.name} has no mistake of its text to reproduce: leave --as-printed out.")
        config = {
            **configure(self.name, self.settings, settings),
            "as_printed": bool(as_printed),
            "engine": check_engine(engine),
        }
        seed = check_count("random_state", random_state, at_least=0)
        began = time.perf_counter()
        if verbose and as_printed:
            print(f"As printed: {self.as_printed}")  # noqa: T201  # printing is what verbose means
        results: list[TaskResult] = []
        table = None if data is None else datasets.load(data)
        for make in self._makers(config, data, table):
            task = make(as_generator(seed))
            results.append(self._run_task(task, engine, verbose=verbose, progress=progress))
            if results[-1].run.status == "stopped":
                break  # Ctrl-C means: enough
        seconds = time.perf_counter() - began
        source = None if data is None else [str(path) for path in _paths(data)]
        classes = [] if table is None else list(table.class_names)
        done = LabResult(self, seed, {**config, "data": source, "classes": classes}, tuple(results), seconds)
        if not experiments or done.interrupted:
            return done
        arguments: dict[str, Any] = {"data": data, "as_printed": as_printed, "progress": progress, "engine": engine}
        answers = run_experiments(self, self.experiments, seed=seed, settings=settings, **arguments)
        return replace(done, experiments=tuple(answers), seconds=time.perf_counter() - began)

    def run_seeds(
        self,
        seeds: Iterable[int],
        *,
        data: Data | None = None,
        as_printed: bool = False,
        progress: bool = True,
        engine: Engine = "auto",
        **settings: object,
    ) -> SeedsResult:
        """Run the lab once a seed, on all cores, and return shares, medians and ranges. Arguments as for ``run``."""
        arguments: dict[str, Any] = {"data": data, "as_printed": as_printed, "engine": engine}
        return run_seeds(self, seeds, progress=progress, **arguments, **settings)

    def check_backprop(self, student: ModuleType, function: str | None = None) -> BackpropReport:
        """Check a gradient of this lab's homework, called as the lab asks for it, and name the mistake.

        Parameters
        ----------
        student : module
            What defines it: the file, imported, or ``__main__`` in a notebook.
        function : str, optional
            Which of the gradients the lab asks for; without it the first one that is there.

        Returns
        -------
        BackpropReport
            As ``chainrule.check_backprop``'s; shapes, signs and means are those of the assignment.

        Examples
        --------
        >>> from chainrule import labs
        >>> from chainrule.labs.softmax import solution as softmax
        >>> labs.load("softmax").check_backprop(softmax).verdict
        'Your back-propagation is right.'
        """
        sheets = () if self.homework is None else self.homework.sheets
        known = {one.function: one.examine for sheet in sheets for one in sheet.exercises if one.examine is not None}
        if not known:
            raise InvalidValue(f"The lab {self.name} asks for no gradient.")
        if function is not None:
            return choose("gradient", function, known)(student)
        for name, examine in known.items():
            if defines(student, name):
                return examine(student)
        raise InvalidValue(f"The lab {self.name} asks for {', '.join(known)}; there is none of them in what you gave.")

    def _built_in_task(self, config: Config, name: str, generator: Generator) -> Task:
        return self.task(config, generator, name)

    def _makers(self, config: Config, data: Data | None, table: Table | None) -> list[Callable[[Generator], Task]]:
        """One function a training, which draws it from its generator."""
        if data is None or table is None:
            names = self.run_names(config)
            if not names:
                raise InvalidValue(f"The lab {self.name} has no run left: its settings exclude each other. Turn fewer.")
            return [partial(self._built_in_task, config, name) for name in names]
        if self.n_classes not in (None, len(table.class_names)):
            raise InvalidValue(
                f"The lab {self.name} separates two classes, {_spell(data)} has {len(table.class_names)}: "
                f"{', '.join(map(str, table.class_names[:10]))}."
            )
        name = Path(_paths(data)[0]).stem
        return [lambda generator: replace(self.own_task(config, generator, table.X, table.T, name), reachable=None)]

    def _run_task(self, task: Task, engine: Engine, *, verbose: bool, progress: bool) -> TaskResult:
        """Train one network, printing and keeping on the way what the script says."""
        script, snapshots = self.script, []
        began = time.perf_counter()
        piped = verbose and not sys.stdout.isatty()  # whoever pipes the lines on wants them alone
        with ProgressBar(task.name, task.training["epochs"], enabled=progress and not piped) as bar:

            def each(epoch: Epoch) -> None:
                if script.keeps(epoch.number):
                    snapshots.append(Snapshot(epoch.number, epoch.loss, epoch.theta))
                if verbose and script.shows(epoch.number):
                    bar.print(script.line(epoch))

            def shows(number: int) -> bool:
                return script.keeps(number) or (verbose and script.shows(number))

            if verbose and (heading := script.heading(task)):
                bar.print(heading)
            run = self.judge(task, _train(task, engine, bar, each, shows))
        result = self._measure(task, run, snapshots, time.perf_counter() - began)
        if verbose:
            for line in script.closing(result):
                print(line)  # noqa: T201
        return result

    def _measure(self, task: Task, run: Run, snapshots: Sequence[Snapshot], seconds: float) -> TaskResult:
        """Put a finished run together with its accuracies and what else the lab reports."""
        train_accuracy = measure(task.score, task.net, run.theta, task.X, task.T)
        test_accuracy = None if task.test is None else measure(task.score, task.net, run.theta, *task.test)
        result = TaskResult(task, run, train_accuracy, test_accuracy, tuple(snapshots), seconds)
        return replace(result, extras=self.extras(result))


def _train(
    task: Task, engine: Engine, bar: ProgressBar, each: Callable[[Epoch], None], shows: Callable[[int], bool]
) -> Run:
    """Descend, or hand the task to SciPy; ``each`` sees the epochs that are shown."""
    if task.method is None:
        training = epochs(task.net, task.X, task.T, task.theta, engine=engine, **task.training)
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
        stop=watch,
        progress=False,
        engine=engine,
        **task.training,
    )


def _paths(data: Data) -> list[str | PathLike[str]]:
    return [data] if isinstance(data, str | PathLike) else list(data)


def _spell(data: Data) -> str:
    return ", ".join(str(path) for path in _paths(data))
