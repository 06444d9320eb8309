"""Forward passes gone wrong: fed with another layer's values, a bias outside the activation, an activation twice.

The way back is the derivation's, of what this forward pass computed: that is what people write beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.output_errors import by_outputs
from chainrule.check.edits.program import edit, instead
from chainrule.network.derivation import activation_symbol, fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.edits.program import Change, Edit, Vector
    from chainrule.maths.activations import Activation
    from chainrule.network.network import Network


def forward_passes(net: Network, last: int) -> Iterator[Edit]:
    """Every edit of this file."""
    for number in range(1, last + 1):
        yield from _fed_with_other_values(net, number)
        yield from _activation_misplaced(net, number)
    yield from _in_every_layer(net, last)


def _fed_with_other_values(net: Network, number: int) -> Iterator[Edit]:
    """Z made of another layer's values, where these are as many: the gradient of W of the right ones, or of those."""
    W, b, dZ = f"W{number}", f"b{number}", f"dZ{number}"
    for other in range(number):
        if other == number - 1 or width_of(net, other) != width_of(net, number - 1):
            continue
        values = activation_symbol(net, other)
        if net.layers[number - 1].bias:
            forward = instead(lambda a, w, c: a @ w + c, values, W, b)
        else:
            forward = instead(lambda a, w: a @ w, values, W)
        changes: dict[str, Change] = {f"Z{number}": forward}
        yield edit("wrong-layer-fed", number, changes)
        yield edit("wrong-layer-fed", number, {**changes, f"dW{number}": instead(lambda a, d: a.T @ d, values, dZ)})


def _activation_misplaced(net: Network, number: int) -> Iterator[Edit]:
    """F(A W) + b for f(A W + b), and f(f(Z)) for f(Z); of the sigmoid also the bracket that is closed too early."""
    layer, after = net.layers[number - 1], activation_symbol(net, number)
    forth, before = layer.activation.forward, fed_symbol(net, number - 1)
    twice = instead(lambda z: forth(forth(z)), f"Z{number}")
    yield edit("activation-twice", number, {after: twice, **by_outputs(net)})
    if layer.bias and layer.activation.name != "identity":
        for change in _bias_outside(layer.activation):
            outside = instead(change, before, f"W{number}", f"b{number}")
            yield edit("bias-outside", number, {after: outside, **by_outputs(net)})


def _bias_outside(activation: Activation) -> list[Change]:
    forth = activation.forward
    ways = [lambda a, w, b: forth(a @ w) + b]
    if activation.name == "sigmoid":
        ways.append(lambda a, w, b: 1.0 / (1.0 + np.exp(-(a @ w)) - b))
        ways.append(lambda a, w, b: 1.0 / (1.0 + np.exp(-(a @ w)) + b))
    return ways  # type: ignore[return-value]


def _in_every_layer(net: Network, last: int) -> Iterator[Edit]:
    """No bias added anywhere."""
    numbers = [number for number in range(1, last + 1) if net.layers[number - 1].bias]
    if len(numbers) > 1:
        changes = {f"Z{k}": instead(_product, fed_symbol(net, k - 1), f"W{k}") for k in numbers}
        yield edit("bias-not-added", None, changes, "every Z")


def _product(A: Vector, W: Vector) -> Vector:
    return A @ W
