"""Averages gone wrong: over another count than that of the samples, too early, and losses in the place of slopes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.output_errors import long_way, short_way
from chainrule.check.edits.program import edit, instead, then, top
from chainrule.maths.activations import ACTIVATIONS
from chainrule.network.derivation import activation_symbol, fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.check.edits.program import Change, Edit, Vector
    from chainrule.network.network import Network


def averages(net: Network, last: int) -> Iterator[Edit]:
    """Every edit of this file."""
    yield from _other_counts(net, last)
    yield from _too_early(net, last)
    yield from _losses_for_slopes(net, last)
    yield from _derivatives_for_inputs(net, last)
    yield from _other_derivatives(net, last)


def _other_counts(net: Network, last: int) -> Iterator[Edit]:
    """Divided by the number of features, units or outputs: everywhere alike, or in each layer by its own."""
    widths = dict.fromkeys(width_of(net, number) for number in range(last + 1))
    for width in widths:
        if width > 1:
            yield edit("mean-of-wrong-count", None, {top(net): _over(width)}, "gradient")
    for side in (0, 1) if last > 1 else ():
        counts = {number: width_of(net, number - 1 + side) for number in range(1, last + 1)}
        for letters in ("Wb", "W"):
            names = [name for name in net.shapes if name[0] in letters]
            changes = {f"d{name}": _over(counts[int(name[1:])]) for name in names}
            yield edit("mean-of-wrong-count", None, changes, "gradient" if letters == "Wb" else "dW")


def _over(count: int) -> Change:
    return then(lambda gradient, n: gradient * n / count, "N")


def _too_early(net: Network, last: int) -> Iterator[Edit]:
    """The mean of the inputs times that of the errors, in all layers; and the output error's mean for every sample."""
    changes = {f"dW{k}": instead(_of_means, fed_symbol(net, k - 1), f"dZ{k}") for k in range(1, last + 1)}
    yield edit("averaged-too-early", None, changes, "dW" if last > 1 else "dW1")
    alike = then(lambda d: np.broadcast_to(d.mean(axis=0), d.shape))
    yield edit("averaged-too-early", last, {f"dZ{last}": alike})
    yield edit("averaged-too-early", last, {top(net): alike})


def _of_means(A: Vector, dZ: Vector) -> Vector:
    return np.outer(A.mean(axis=0), dZ.sum(axis=0))


def _losses_for_slopes(net: Network, last: int) -> Iterator[Edit]:
    """(y − t)² or |y − t| for y − t: the loss for its derivative, by the output's own derivative or without it."""
    for loss in (partial(_power, 1.0, 2), partial(_power, 0.5, 2), partial(_power, 1.0, 1)):
        yield edit("loss-for-derivative", last, {f"dZ{last}": long_way(net, loss)})
        yield edit("loss-for-derivative", last, {f"dZ{last}": short_way(loss)})


def _power(factor: float, exponent: int, Y: Vector, T: Vector) -> Vector:
    result: Vector = factor * np.abs(Y - T) ** exponent
    return result


def _derivatives_for_inputs(net: Network, last: int) -> Iterator[Edit]:
    """DW of f′(Z) of the layer before: A was overwritten by its derivative."""
    for number in range(2, last + 1):
        back = net.layers[number - 2].activation.backward
        before = activation_symbol(net, number - 1)
        slopes = instead(
            lambda z, a, d, back=back: back(np.ones_like(a), z, a).T @ d, f"Z{number - 1}", before, f"dZ{number}"
        )
        yield edit("derivative-for-input", number, {f"dW{number}": slopes})
        forth = net.layers[number - 2].activation.forward
        again = instead(lambda a, d, forth=forth: forth(a).T @ d, before, f"dZ{number}")
        yield edit("activation-twice", number - 1, {f"dW{number}": again}, f"A{number - 1}")


def _other_derivatives(net: Network, last: int) -> Iterator[Edit]:
    """F′ of another activation on the way back, where the forward pass has the right one."""
    for name in ("sigmoid", "tanh", "relu", "leaky_relu"):
        changes = {}
        unfused = net.fused is None and net.layers[-1].activation.name != "softmax"
        for number in range(1, last + 1 if unfused else last):
            if net.layers[number - 1].activation.name != name:
                names = (f"d{activation_symbol(net, number)}", f"Z{number}", activation_symbol(net, number))
                changes[f"dZ{number}"] = instead(ACTIVATIONS[name].backward, *names)
        for symbol, change in changes.items():
            yield edit("derivative-of-other-activation", int(symbol[2:]), {symbol: change})
        hidden = {symbol: change for symbol, change in reversed(changes.items()) if int(symbol[2:]) < last}
        if len(hidden) > 1:
            yield edit("derivative-of-other-activation", None, hidden, "dZ")
        if f"dZ{last}" in changes and hidden:
            yield edit("derivative-of-other-activation", None, dict(reversed(changes.items())), "every dZ")
