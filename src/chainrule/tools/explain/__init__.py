"""Explain: the mathematics of a network in words and formulas, out of its derivation."""

from chainrule.tools.explain.explain import explain

__all__ = ["explain"]
