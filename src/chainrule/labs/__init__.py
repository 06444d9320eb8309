"""Labs: the assignments, each a configuration of the engine that runs with one command.

>>> names()
['moons', 'minimize', 'neuron', 'softmax', 'xor']
>>> result = load("moons").run(random_state=0, epochs=8)
>>> [round(error, 3) for error in result.results[0].extras["errors"]]
[0.127, 0.052, 0.01, 0.001]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule import homework
from chainrule.errors import InvalidFile, choose
from chainrule.homework.exercise import Decision, Exercise, Homework, Sheet, Verdict
from chainrule.labs import settings
from chainrule.labs.assignment import Script
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.lab_file import is_path, load_file
from chainrule.labs.minimize.lab import MINIMIZE
from chainrule.labs.moons.lab import MOONS
from chainrule.labs.neuron.lab import NEURON
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.repeat_over_seeds import SeedsResult
from chainrule.labs.results import LabResult
from chainrule.labs.settings import Setting
from chainrule.labs.softmax.lab import SOFTMAX
from chainrule.labs.sweep import SWEEP, best_settings
from chainrule.labs.task import Task
from chainrule.labs.task_result import TaskResult
from chainrule.labs.texts import Story
from chainrule.labs.xor.lab import XOR

if TYPE_CHECKING:
    import os

__all__ = [
    "LABS",
    "SWEEP",
    "TEST_SIZE",
    "Decision",
    "Exercise",
    "Experiment",
    "Homework",
    "Lab",
    "LabResult",
    "Script",
    "SeedsResult",
    "Setting",
    "Sheet",
    "Story",
    "Task",
    "TaskResult",
    "Verdict",
    "best_settings",
    "hold_out",
    "homework",
    "load",
    "names",
    "of_results",
    "settings",
]

LABS: dict[str, Lab] = {lab.name: lab for lab in (MOONS, MINIMIZE, NEURON, SOFTMAX, XOR)}


def names() -> list[str]:
    """List the labs there are."""
    return list(LABS)


def load(name: str | os.PathLike[str]) -> Lab:
    """Return the lab of that name, or the one in a file: ``load("xor")``, ``load("./mylab.py")``.

    A file is run to be read: load no file whose code you would not run.
    """
    return load_file(name) if is_path(name) else choose("lab", str(name), LABS)


def of_results(name: str, file: str | None = None, given: Lab | None = None) -> Lab:
    """Return the lab that a results.json names: one of those there are, the sweep, or the one that the user has given.

    The file that it names is never run: whoever wrote results.json may have written anything there.
    """
    if given is not None:
        if given.name != name:
            raise InvalidFile(f"These results are of the lab {name}, and {given.file or given.name} is {given.name}.")
        return given
    if file is not None:
        raise InvalidFile(
            f"These results are of a lab in a file, {file}. Its code is run only if you name it: --lab {file}."
        )
    return choose("lab", name, {**LABS, SWEEP.name: SWEEP})
