"""Sheets: what each lab's students write, function by function, and how it is judged."""

from __future__ import annotations

from chainrule.faces.labs.sheets.minimize import MINIMIZE_HOMEWORK
from chainrule.faces.labs.sheets.moons import MOONS_HOMEWORK
from chainrule.faces.labs.sheets.neuron import NEURON_HOMEWORK
from chainrule.faces.labs.sheets.softmax import SOFTMAX_HOMEWORK
from chainrule.faces.labs.sheets.xor import XOR_HOMEWORK

__all__ = ["MINIMIZE_HOMEWORK", "MOONS_HOMEWORK", "NEURON_HOMEWORK", "SOFTMAX_HOMEWORK", "XOR_HOMEWORK"]
