"""chainrule: the neural network you can open."""

__version__ = "0.1.0"
