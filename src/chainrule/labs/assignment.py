"""An assignment as data: its settings, trainings, words and pictures. ``Lab`` is one that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.labs.report_text import NO_REPORT_TEXT, ReportText
from chainrule.labs.results import LabResult
from chainrule.labs.settings import Config, Setting
from chainrule.labs.task import Task
from chainrule.maths.initializers import Generator

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from chainrule.homework.exercise import Homework
    from chainrule.labs.experiment import Experiment
    from chainrule.labs.task_result import TaskResult
    from chainrule.maths.arrays import Array
    from chainrule.models.network_description import Own
    from chainrule.plot import Picture
    from chainrule.training.run import Epoch, Run


@dataclass(frozen=True)
class Script:
    """What a lab prints while it runs, in its text's own format.

    Attributes
    ----------
    heading : function (Task) -> str or None
        What stands before a training.
    shows : function (number) -> bool
        Of which epochs a line is printed.
    line : function (Epoch) -> str
    closing : function (TaskResult) -> lines
        What stands after a training.
    keeps : function (number) -> bool
        Of which epochs a snapshot is kept: without it 0 and the powers of two.
    """

    heading: Callable[[Task], str | None]
    shows: Callable[[int], bool]  # of which epochs a line is printed
    line: Callable[[Epoch], str]
    closing: Callable[[TaskResult], Sequence[str]]
    keeps: Callable[[int], bool] = lambda number: number & (number - 1) == 0  # 0, 1, 2, 4, 8, …


Data: TypeAlias = "str | PathLike[str] | Sequence[str | PathLike[str]]"
Tasks: TypeAlias = Callable[[Config, Generator, str], Task]
Figures: TypeAlias = Callable[[LabResult], "dict[str, Picture]"]


@dataclass(frozen=True)
class Assignment:
    """What a lab is: data, networks, training, words and pictures."""

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
    report_text: ReportText = NO_REPORT_TEXT
    course_files: tuple[tuple[str, ...], ...] = ()
    own_runs: Callable[[Config], Sequence[str]] = lambda config: [""]  # noqa: ARG005
    parts: tuple[Own, ...] = ()
    homework: Homework | None = None
    file: Path | None = None
