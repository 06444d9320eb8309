"""Judging: a student's function is run on inputs that show mistakes, and what differs from the solution's is named.

``compare`` holds a function against the solution's, ``backprop`` a gradient against the network's derivation. Both make
an ``Exercise``:

>>> import numpy as np
>>> from types import ModuleType
>>> solution, student = ModuleType("solution"), ModuleType("student")
>>> solution.relu, student.relu = lambda z: np.maximum(z, 0.0), lambda z: -np.maximum(z, 0.0)
>>> exercise = compare("relu", lambda stream: [(stream.randn(4),)])
>>> exercise.judge(solution, solution).status
'right'
>>> exercise.judge(student, solution).mistakes[0].name
'sign'
"""

from __future__ import annotations

from chainrule.homework.compare import Promise, changed, compare, find, large_numbers
from chainrule.homework.differences import Run, Slip
from chainrule.homework.gradient_blocks import Given, parts_of
from chainrule.homework.gradients import backprop
from chainrule.homework.letters import LayerLetters, Letters

__all__ = [
    "Given",
    "LayerLetters",
    "Letters",
    "Promise",
    "Run",
    "Slip",
    "backprop",
    "changed",
    "compare",
    "find",
    "large_numbers",
    "parts_of",
]
