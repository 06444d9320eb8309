"""Labs: the assignments, each a configuration of the engine that runs with one command.

>>> names()
['moons', 'minimize', 'neuron', 'softmax', 'xor']
>>> result = load("moons").run(random_state=0, epochs=8)
>>> [round(error, 3) for error in result.results[0].extras["errors"]]
[0.127, 0.052, 0.01, 0.001]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile, choose
from chainrule.faces.labs import judging, settings
from chainrule.faces.labs.by_path import is_path, load_file
from chainrule.faces.labs.data import TEST_SIZE, hold_out
from chainrule.faces.labs.experiments import Experiment
from chainrule.faces.labs.homework import Decision, Exercise, Homework, Sheet, Verdict
from chainrule.faces.labs.lab import Lab, Script, Task
from chainrule.faces.labs.many import SeedsResult
from chainrule.faces.labs.minimize import MINIMIZE
from chainrule.faces.labs.moons import MOONS
from chainrule.faces.labs.neuron import NEURON
from chainrule.faces.labs.results import LabResult, TaskResult
from chainrule.faces.labs.settings import Setting
from chainrule.faces.labs.softmax import SOFTMAX
from chainrule.faces.labs.story import Story
from chainrule.faces.labs.sweep import SWEEP, best_settings
from chainrule.faces.labs.xor import XOR

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
    "judging",
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
