"""Layer lists: layers in a list, each with a forward and a backward pass, put one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.check.methods import method_of
from chainrule.check.parameter_roles import asked

if TYPE_CHECKING:
    from collections.abc import Sequence


class LayerList:
    """Layers that a caller holds in a list: their forward passes in order, their backward passes in reverse."""

    def __init__(self, layers: Sequence[Any]) -> None:
        self.layers = list(layers)

    def forward(self, X: Any) -> Any:
        """Pass inputs through all layers."""
        for layer in self.layers:
            X = getattr(layer, method_of(layer, "forward") or "forward")(X)
        return X

    def backward(self, error: Any, rate: float) -> None:
        """Pass ∂loss/∂Y back through all layers, with the rate where a layer asks for one."""
        for layer in reversed(self.layers):
            backward = getattr(layer, method_of(layer, "backward") or "backward")
            error = backward(error, rate) if len(asked(backward)) > 1 else backward(error)


def is_layer_list(thing: Any) -> bool:
    """Whether something is a list of objects with forward and backward passes."""
    return (
        isinstance(thing, list | tuple)
        and bool(thing)
        and all(method_of(layer, "forward") and method_of(layer, "backward") for layer in thing)
    )
