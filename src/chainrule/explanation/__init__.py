"""Explain: the mathematics of a network in words and formulas, out of its derivation."""

from chainrule.explanation.explanation import explain

__all__ = ["explain"]
