"""A lab: an assignment that runs, once, over many seeds, or over many settings."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chainrule.errors import InvalidValue, choose
from chainrule.homework.exercise import defines
from chainrule.labs.assignment import Assignment, Data
from chainrule.labs.repeat_over_seeds import run_seeds
from chainrule.labs.run_experiments import run_experiments
from chainrule.labs.running import run_once
from chainrule.labs.settings import refuse_idle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from chainrule.check import BackpropReport
    from chainrule.labs.repeat_over_seeds import SeedsResult
    from chainrule.labs.results import LabResult
    from chainrule.labs.student import Student
    from chainrule.network.engine_choice import Engine


@dataclass(frozen=True)
class Lab(Assignment):
    """An assignment that runs.

    Attributes
    ----------
    name, title, source : str
        What it is called, what it is about, and which text it answers.
    settings : tuple of Setting
        What a reader may change.
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
    own_runs : function (config) -> names
        The trainings on data of the user's own, each added to the file's name; ``own_task`` finds its own in
        ``config["own_run"]``. Without it there is one, "".
    course_files : tuple of tuple of str
        The names of the course's own data files, one set an exercise: ``data`` may be the folder where one set lies.
    n_classes : int, optional
        How many classes the user's own data must have; without it two or more.
    experiments : tuple of Experiment
        The questions that its report discusses.
    report_text : ReportText
        The words of its report that no run can compute.
    parts : tuple of Activation, Loss or Initializer
        Its own, which its networks' descriptions tell by name alone.
    homework : Homework, optional
        What its students are asked to write: ``chainrule lab start`` hands it out, ``chainrule check`` judges it.
    file : Path, optional
        Where it lies, if ``labs.load`` read it from a file.
    """

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
        student: Student | None = None,
        animate: bool = False,
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
        student : Student, optional
            A submission whose functions compute everything, in the sandbox; the engine's runs stand beside.
        animate : bool
            Whether ``save`` writes an animation of each training, a GIF, beside the pictures.
        **settings
            Settings by name; a wrong name or value is answered with the valid ones.

        Returns
        -------
        LabResult

        Raises
        ------
        InvalidValue
            Where a setting is unknown or its value wrong.
        InvalidFile
            Where ``data`` cannot be read.

        Examples
        --------
        >>> from chainrule import labs
        >>> result = labs.load("xor").run(data_sets="xor_easy", epochs=10)
        >>> result.results[0].run.status
        'max_epochs'
        """
        arguments: dict[str, Any] = {"data": data, "as_printed": as_printed, "progress": progress, "engine": engine}
        refuse_idle(self.name, self.settings, settings, own=data is not None)
        began = time.perf_counter()
        done = run_once(
            self, random_state, verbose=verbose, settings=settings, student=student, animate=animate, **arguments
        )
        if student is not None:
            done = self._beside(done, student, settings, arguments)
        if done.failure and not verbose:
            warnings.warn(done.failure, RuntimeWarning, stacklevel=2)
        if not experiments or done.interrupted or done.failure:
            return done
        answers = run_experiments(
            self, self.experiments, seed=done.seed, settings=settings, student=student, **arguments
        )
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
        """Run the lab once a seed, on all cores.

        Parameters
        ----------
        seeds : iterable of int
            All different.
        data, as_printed, progress, engine, **settings
            As for :meth:`run`.

        Returns
        -------
        SeedsResult
            Shares, medians and ranges.

        Raises
        ------
        InvalidValue
            Where there is no seed, one is given twice, or a setting is unknown or its value wrong.

        Examples
        --------
        >>> from chainrule import labs
        >>> done = labs.load("xor").run_seeds(range(2), data_sets="xor_easy", epochs=3, progress=False)
        >>> done.seeds, done.summary()["xor_easy"]["runs"]
        ((0, 1), 2)
        """
        refuse_idle(self.name, self.settings, settings, own=data is not None)
        arguments: dict[str, Any] = {"data": data, "as_printed": as_printed, "engine": engine}
        return run_seeds(self, seeds, progress=progress, settings=settings, **arguments)

    def _beside(
        self, done: LabResult, student: Student, settings: Mapping[str, object], arguments: Mapping[str, Any]
    ) -> LabResult:
        """Put the engine's runs of the same trainings beside a student's."""
        ours = run_once(self, done.seed, settings=settings, **arguments)
        names = {result.name for result in done.results}
        files = {sheet: str(path) for sheet, path in student.files.items()}
        return replace(done, student=files, beside=tuple(one for one in ours.results if one.name in names))

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

        Raises
        ------
        InvalidValue
            Where the lab asks for no gradient, or the module has none of those it asks for.

        Examples
        --------
        >>> from chainrule import labs
        >>> from chainrule.labs.softmax import solution as softmax
        >>> labs.load("softmax").check_backprop(softmax).verdict
        'right'
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
        raise InvalidValue(f"The lab {self.name} asks for {', '.join(known)}; this module has none of them.")
