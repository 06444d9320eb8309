"""How a network learns: optimizers, batches, rules for stopping, the epochs, and SciPy's minimisers."""

from chainrule.training import optimizers, schedules

__all__ = ["optimizers", "schedules"]
