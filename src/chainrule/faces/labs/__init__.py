"""Labs: the assignments, each a configuration of the engine that runs with one command.

>>> names()
['moons', 'minimize', 'neuron', 'softmax', 'xor']
>>> result = load("moons").run(random_state=0, epochs=8)
>>> [round(error, 3) for error in result.results[0].extras["errors"]]
[0.127, 0.052, 0.01, 0.001]
"""

from __future__ import annotations

from chainrule.errors import choose
from chainrule.faces.labs.lab import Lab, Task
from chainrule.faces.labs.many import SeedsResult
from chainrule.faces.labs.minimize import MINIMIZE
from chainrule.faces.labs.moons import MOONS
from chainrule.faces.labs.neuron import NEURON
from chainrule.faces.labs.results import LabResult, TaskResult
from chainrule.faces.labs.settings import Setting
from chainrule.faces.labs.softmax import SOFTMAX
from chainrule.faces.labs.sweep import SWEEP, best_settings
from chainrule.faces.labs.xor import XOR

__all__ = [
    "LABS",
    "SWEEP",
    "Lab",
    "LabResult",
    "SeedsResult",
    "Setting",
    "Task",
    "TaskResult",
    "best_settings",
    "load",
    "names",
    "of_results",
]

LABS: dict[str, Lab] = {lab.name: lab for lab in (MOONS, MINIMIZE, NEURON, SOFTMAX, XOR)}


def names() -> list[str]:
    """List the labs there are."""
    return list(LABS)


def load(name: str) -> Lab:
    """Return the lab of that name."""
    return choose("lab", name, LABS)


def of_results(name: str) -> Lab:
    """Return the lab that a results.json names: one of those there are, or the sweep."""
    return SWEEP if name == SWEEP.name else load(name)
