"""Labs: the assignments, each a configuration of the engine that runs with one command.

>>> names()
['moons', 'minimize', 'neuron', 'softmax', 'xor']
>>> result = load("moons").run(random_state=0, epochs=8)
>>> [round(error, 3) for error in result.results[0].extras["errors"]]
[0.127, 0.052, 0.01, 0.001]
"""

from __future__ import annotations

from chainrule import homework
from chainrule.homework.exercise import Decision, Exercise, Homework, Sheet, Verdict
from chainrule.labs import settings
from chainrule.labs.assignment import Script
from chainrule.labs.catalogue import LABS, load, names, of_results
from chainrule.labs.experiment import Experiment
from chainrule.labs.lab import Lab
from chainrule.labs.own_data import TEST_SIZE, hold_out
from chainrule.labs.repeat_over_seeds import SeedsResult
from chainrule.labs.report.page import write_report
from chainrule.labs.results import LabResult
from chainrule.labs.settings import Setting
from chainrule.labs.story import Story
from chainrule.labs.sweep import SWEEP, best_settings
from chainrule.labs.task import Task
from chainrule.labs.task_result import TaskResult

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
    "write_report",
]
