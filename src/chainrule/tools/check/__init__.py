"""Checks: is a gradient right, and if not, where it is wrong."""

from chainrule.tools.check.backprop import check_backprop
from chainrule.tools.check.findings import BackpropReport, Mistake
from chainrule.tools.check.gradient import check_gradient
from chainrule.tools.check.report import BlockReport, Entry, GradientReport

__all__ = [
    "BackpropReport",
    "BlockReport",
    "Entry",
    "GradientReport",
    "Mistake",
    "check_backprop",
    "check_gradient",
]
