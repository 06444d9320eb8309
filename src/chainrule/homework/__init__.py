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

from chainrule.homework.compare import Run, Slip, changed, compare, find
from chainrule.homework.gradients import Given, backprop, parts_of

__all__ = ["Given", "Run", "Slip", "backprop", "changed", "compare", "find", "parts_of"]
