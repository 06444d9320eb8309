"""Layers: what a stack is made of. A layer is a description, its weights live in theta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.registry import as_activation, as_initializer

if TYPE_CHECKING:
    from chainrule.maths.activations import Activation
    from chainrule.maths.initializers import Initializer


@dataclass(frozen=True, init=False)
class Dense:
    """A fully connected layer, A = f(Z) with Z = A_before W + b.

    Parameters
    ----------
    n_outputs : int
        How many units it has.
    activation : str or Activation
        f, by name or your own.
    bias : bool
        Whether there is a b.
    weight_init, bias_init : str or Initializer
        Where W and b start: ``"glorot"``, ``"glorot_sigmoid"``, ``"he"``, ``"lecun"``, ``"orthogonal"``,
        ``"zeros"``, ``"normal(std)"``, ``"uniform(bound)"``, or your own.
    dropout : float, 0 ≤ p < 1
        The share of its outputs that every step of training leaves out, drawn anew for each sample; the others are
        scaled by 1/(1 − p), so that nothing changes when it predicts, with all of them.

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
    dropout: float

    def __init__(
        self,
        n_outputs: int,
        activation: str | Activation = "identity",
        bias: bool = True,
        *,
        weight_init: str | Initializer = "glorot",
        bias_init: str | Initializer = "zeros",
        dropout: float = 0.0,
    ) -> None:
        set_field = object.__setattr__  # the way to fill a frozen dataclass
        set_field(self, "n_outputs", check_count("n_outputs", n_outputs))
        set_field(self, "activation", as_activation(activation))
        if not isinstance(bias, bool | np.bool_):
            raise InvalidValue(f"bias must be True or False, got {bias!r}.")
        set_field(self, "bias", bool(bias))
        set_field(self, "weight_init", as_initializer(weight_init))
        set_field(self, "bias_init", as_initializer(bias_init))
        set_field(self, "dropout", check_number("dropout", dropout, at_least=0, below=1))
