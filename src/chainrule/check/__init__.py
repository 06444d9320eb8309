"""Checks: is a gradient right, and if not, where it is wrong."""

from chainrule.check.backprop import check_backprop
from chainrule.check.backprop_report import BackpropReport, Mistake
from chainrule.check.gradient import check_gradient
from chainrule.check.gradient_report import BlockReport, Entry, GradientReport

__all__ = [
    "BackpropReport",
    "BlockReport",
    "Entry",
    "GradientReport",
    "Mistake",
    "check_backprop",
    "check_gradient",
]
