"""Formulas on arrays: activations, losses, penalties, initialisers. Nothing here knows what a network is."""

from chainrule.maths import activations, initializers, losses

__all__ = ["activations", "initializers", "losses"]
