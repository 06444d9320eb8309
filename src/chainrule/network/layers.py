"""Layers: what a stack is made of. A layer is a description, its weights live in theta."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number, choose, unknown_name
from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.maths.initializers import INITIALIZERS, PARAMETRIZED, Initializer


def as_activation(activation: str | Activation) -> Activation:
    """Return the activation of that name, or the activation itself."""
    if isinstance(activation, Activation):
        return activation
    return choose("activation", activation, ACTIVATIONS)


def as_initializer(initializer: str | Initializer) -> Initializer:
    """Return the initialiser of that name, ``"normal(0.58)"`` and ``"uniform(0.1)"`` among them, or itself.

    >>> as_initializer("normal(0.58)").name
    'normal(0.58)'
    """
    if isinstance(initializer, Initializer):
        return initializer
    called = re.fullmatch(r"\s*(\w+)\((.*)\)\s*", str(initializer))
    if called and called[1] in PARAMETRIZED:
        try:
            scale = float(called[2])
        except ValueError:
            raise InvalidValue(f"{called[1]} needs one number, as in {called[1]}(0.5), got {initializer!r}.") from None
        return PARAMETRIZED[called[1]](check_number(called[1], scale, at_least=0))
    if isinstance(initializer, str) and initializer in INITIALIZERS:
        return INITIALIZERS[initializer]
    raise unknown_name("initialiser", initializer, [*INITIALIZERS, *(f"{name}(…)" for name in PARAMETRIZED)])


@dataclass(frozen=True, init=False)
class Dense:
    """A fully connected layer, A = f(Z) with Z = A_before W + b.

    Parameters
    ----------
    n_outputs : int
        How many units it has.
    activation : str or Activation
        f, by name or one's own.
    bias : bool
        Whether there is a b.
    weight_init, bias_init : str or Initializer
        Where W and b start: ``"glorot"``, ``"glorot_sigmoid"``, ``"he"``, ``"zeros"``, ``"normal(std)"``,
        ``"uniform(bound)"``, or one's own.

    Examples
    --------
    >>> layer = Dense(10, "relu", weight_init="he")
    >>> layer.n_outputs, layer.activation.name, layer.bias
    (10, 'relu', True)
    """

    n_outputs: int
    activation: Activation
    bias: bool
    weight_init: Initializer
    bias_init: Initializer

    def __init__(
        self,
        n_outputs: int,
        activation: str | Activation = "identity",
        bias: bool = True,
        *,
        weight_init: str | Initializer = "glorot",
        bias_init: str | Initializer = "zeros",
    ) -> None:
        set_field = object.__setattr__  # the way to fill a frozen dataclass
        set_field(self, "n_outputs", check_count("n_outputs", n_outputs))
        set_field(self, "activation", as_activation(activation))
        if not isinstance(bias, bool | np.bool_):
            raise InvalidValue(f"bias must be True or False, got {bias!r}.")
        set_field(self, "bias", bool(bias))
        set_field(self, "weight_init", as_initializer(weight_init))
        set_field(self, "bias_init", as_initializer(bias_init))
