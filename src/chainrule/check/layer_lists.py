"""Layer lists: layers in a list, each with a forward and a backward pass, put one after the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.methods import method_of
from chainrule.check.names import role_of
from chainrule.check.parameter_roles import asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


OUTPUT = re.compile(r"(?i)_?(outputs?|out|y|a|activations?|z|h|values?)$")
INPUT_GRADIENT = re.compile(
    r"(?i)_?(d_?(inputs?|x|in|prev\w*|a_?prev)|(grad|delta|error)\w*_?(inputs?|x|in|prev\w*)|dA|dX)$"
)


class LayerList:
    """Layers that a caller holds in a list: their forward passes in order, their backward passes in reverse.

    What a layer does not return it keeps: ``output`` after its forward pass, ``dinputs`` after its backward pass. A
    last layer that asks for targets holds the loss: its backward pass is given its outputs and the targets, or these.
    """

    def __init__(self, layers: Sequence[Any]) -> None:
        self.layers = list(layers)

    def forward(self, X: Any, T: Any) -> Any:
        """Pass inputs through all layers."""
        for layer in self.layers:
            X = _passed(layer, "forward", X, {"T": T}, OUTPUT)
        return X

    def backward(self, error: Any, rate: float, T: Any) -> None:
        """Pass ∂loss/∂Y back through all layers, with the rate where a layer asks for one."""
        for layer in reversed(self.layers):
            if any(role_of(one.name) == "T" for one in asked(_pass_of(layer, "backward"))):
                kept = _kept(layer, OUTPUT)
                error = error if kept is None else kept
            error = _passed(layer, "backward", error, {"T": T, "rate": rate}, INPUT_GRADIENT)


def _passed(layer: Any, kind: str, came: Any, named: Mapping[str, Any], keeps: re.Pattern[str]) -> Any:
    """Call a layer's pass with what came and what it asks for by name; return what it returns, or else keeps."""
    method = _pass_of(layer, kind)
    first, *others = asked(method)
    if role_of(first.name) == "T":  # the loss's own layer
        came = named["T"]
    result = method(came, **{one.name: named[role] for one in others if (role := role_of(one.name) or "") in named})
    if isinstance(result, np.ndarray) and result.ndim:
        return result
    kept = _kept(layer, keeps)
    return result if kept is None else kept


def _pass_of(layer: Any, kind: str) -> Any:
    return getattr(layer, method_of(layer, kind) or kind)


def _kept(layer: Any, keeps: re.Pattern[str]) -> Any:
    """The array that a layer keeps under a name of this kind; None where it keeps none."""
    kept = [value for name, value in vars(layer).items() if keeps.match(name) and isinstance(value, np.ndarray)]
    return kept[0] if kept else None


def is_layer_list(thing: Any) -> bool:
    """Whether something is a list of objects with forward and backward passes."""
    return (
        isinstance(thing, list | tuple)
        and bool(thing)
        and all(method_of(layer, "forward") and method_of(layer, "backward") for layer in thing)
    )
