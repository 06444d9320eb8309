"""Checks: is a gradient right, and if not, where it is wrong."""

from chainrule.tools.check.gradient import check_gradient
from chainrule.tools.check.report import BlockReport, Entry, GradientReport

__all__ = ["BlockReport", "Entry", "GradientReport", "check_gradient"]
