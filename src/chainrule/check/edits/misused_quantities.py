"""Misused quantities: a step that takes what looks like the right thing, an error for an activation, a W for an input.

All of these were met in public code: homework, tutorials, question threads.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.output_errors import by_outputs
from chainrule.check.edits.program import Edit, edit, instead, then
from chainrule.network.derivation import activation_symbol, fed_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.edits.program import Change, Vector
    from chainrule.maths.activations import Activation
    from chainrule.network.network import Network


def misused(net: Network, last: int) -> Iterator[Edit]:
    """Every edit of this file."""
    yield from _errors_for_activations(net, last)
    yield from _derivative_on_one_way(net, last)
    yield from _biases_of_wrong_sums(net)
    yield from _weights_for_inputs(last)
    yield from _exponents(net)
    yield from _diagonal_softmax(net, last)
    yield from _incomplete_derivatives(net, last)


def _errors_for_activations(net: Network, last: int) -> Iterator[Edit]:
    """The activation, or its derivative, of the error that comes back: dZ = f(dA), dZ = dA ⊙ f′(dA)."""
    for kind, functions in (("activation-of-error", _of_error), ("derivative-of-error", _slope_at_error)):
        by_layer = {number: functions(net, number) for number in range(1, last)}
        for number, changes in by_layer.items():
            yield from (edit(kind, number, {f"dZ{number}": change}) for change in changes)
        for together in zip(*by_layer.values(), strict=False) if len(by_layer) > 1 else ():
            alike = {f"dZ{number}": change for number, change in zip(by_layer, together, strict=True)}
            yield edit(kind, None, dict(reversed(alike.items())), "dZ")


def _of_error(net: Network, number: int) -> list[Change]:
    """F(dA) of the mean's error and of each sample's own."""
    came, forth = f"d{activation_symbol(net, number)}", net.layers[number - 1].activation.forward
    return [
        instead(forth, came),
        instead(lambda dA, n: forth(n * dA) / n, came, "N"),
    ]


def _slope_at_error(net: Network, number: int) -> list[Change]:
    """DA ⊙ f′ at the error, or that f′ alone: written for A and for Z, of the mean's error and each sample's own."""
    came, activation = f"d{activation_symbol(net, number)}", net.layers[number - 1].activation

    def at(dA: Vector, scale: float) -> Vector:
        return activation.backward(dA, scale * dA, scale * dA)

    def at_forward(dA: Vector, scale: float) -> Vector:
        return activation.backward(dA, scale * dA, activation.forward(scale * dA))

    found: list[Change] = []

    def alone(dA: Vector, scale: float) -> Vector:
        return activation.backward(np.ones_like(dA) / scale, scale * dA, activation.forward(scale * dA))

    for function in (at, at_forward, alone):
        found += [instead(partial(function, scale=1.0), came), instead(function, came, "N")]
    return found


def _derivative_on_one_way(net: Network, last: int) -> Iterator[Edit]:
    """F′ left out on one of two ways alone: in the layer's own gradient, or in what is passed back."""
    for number, layer in enumerate(net.layers, start=1):
        output = number == last
        if output and net.fused is not None:
            continue
        kind = "output-derivative-missing" if output else "derivative-missing"
        came, before = f"d{activation_symbol(net, number)}", fed_symbol(net, number - 1)
        if number > 1:
            back = instead(lambda d, w: d @ w.T, came, f"W{number}")
            yield edit(kind, number, {f"dA{number - 1}": back})
        own = {f"dW{number}": instead(lambda a, d: a.T @ d, before, came)}
        yield edit(kind, number, own)
        if layer.bias:
            summed = {f"db{number}": instead(lambda d: d.sum(axis=0), came)}
            yield edit("bias-from-dA", number, summed)
            yield edit(kind, number, {**own, **summed})


def _biases_of_wrong_sums(net: Network) -> Iterator[Edit]:
    """The bias's gradient summed over the outputs too; a constant, or a part of b, added to it."""
    numbers = [number for number, layer in enumerate(net.layers, start=1) if layer.bias]
    sums: list[Callable[[Vector, float], float]] = [
        lambda d, _: d.sum(),
        lambda d, _: d.sum() / d.shape[1],
        lambda d, n: d.sum() / (n * d.shape[1]),
    ]
    for total in sums:
        changes = {
            k: instead(lambda d, n, total=total: np.full(d.shape[1], total(d, n)), f"dZ{k}", "N") for k in numbers
        }
        wide = [k for k in numbers if net.layers[k - 1].n_outputs > 1]
        yield from (edit("bias-sum-axis", k, {f"db{k}": changes[k]}) for k in wide)
        if len(numbers) > 1 and wide:
            yield edit("bias-sum-axis", None, {f"db{k}": changes[k] for k in numbers}, "db")
    added: list[Callable[[Vector, Vector, float, float], Vector]] = [
        lambda db, b, l2, n: db + l2 / n * b,
        *(
            lambda db, _, l2, n, c=c, over=over: db + c * l2 / (n if over else 1.0)
            for c in (1.0, 2.0, 0.5)
            for over in (True, False)
        ),
    ]
    for function in added:
        with_more = {k: then(function, f"b{k}", "l2", "N") for k in numbers}
        yield from (edit("penalty-on-biases", k, {f"gb{k}": with_more[k]}) for k in numbers)
        if len(numbers) > 1:
            yield edit("penalty-on-biases", None, {f"gb{k}": with_more[k] for k in numbers}, "gb")


def _weights_for_inputs(last: int) -> Iterator[Edit]:
    """ΔW = δ w: the layer's own weights where its inputs belong."""
    changes = {k: instead(lambda d, w: w * d.sum(axis=0), f"dZ{k}", f"W{k}") for k in range(1, last + 1)}
    yield from (edit("weights-for-input", k, {f"dW{k}": change}) for k, change in changes.items())
    if last > 1:
        yield edit("weights-for-input", None, {f"dW{k}": change for k, change in changes.items()}, "dW")


def _exponents(net: Network) -> Iterator[Edit]:
    """1/(1 + e^z) for the sigmoid, in one layer or in all that have one."""
    numbers = [number for number, layer in enumerate(net.layers, start=1) if layer.activation.name == "sigmoid"]
    changes = {activation_symbol(net, k): _falling(net.layers[k - 1].activation, k) for k in numbers}
    for number in numbers:
        after = activation_symbol(net, number)
        yield edit("exponent-sign", number, {after: changes[after], **by_outputs(net)})
    if len(numbers) > 1:
        yield edit("exponent-sign", None, {**changes, **by_outputs(net)}, "A")


def _falling(activation: Activation, number: int) -> Change:
    return instead(lambda z: activation.forward(-z), f"Z{number}")


def _diagonal_softmax(net: Network, last: int) -> Iterator[Edit]:
    """The softmax's derivative as y (1 − y), entry by entry, after the loss's own."""
    if net.layers[-1].activation.name != "softmax":
        return
    slope = net.loss.gradient
    alone = instead(lambda y, t, share: share[:, None] * slope(y, t) * y * (1.0 - y), "Y", "T", "share")
    yield edit("softmax-diagonal", last, {f"dZ{last}": alone})


INCOMPLETE: dict[str, tuple[Callable[[Vector, Vector], Vector], ...]] = {
    "sigmoid": (lambda d, a: d * (1.0 - a), lambda d, a: d * a * a * (1.0 - a), lambda d, a: d * a * (1.0 + a)),
    "tanh": (lambda d, a: d * (1.0 - a), lambda d, a: d * (1.0 + a * a), lambda d, a: d * a * (1.0 - a)),
}
"""Derivatives half written or miswritten: (1 − a) for a (1 − a), (1 − a) for 1 − a², and the like."""


def _incomplete_derivatives(net: Network, last: int) -> Iterator[Edit]:
    """F′ written from memory, in one layer, in all hidden ones, in all."""
    hidden = [number for number in range(1, last + 1) if net.layers[number - 1].activation.name in INCOMPLETE]
    numbers = [number for number in hidden if number < last or net.fused is None]
    for k in range(3):
        changes = {f"dZ{number}": _incomplete(net, number, k) for number in reversed(numbers)}
        yield from (edit("derivative-miswritten", int(name[2:]), {name: change}) for name, change in changes.items())
        if len(changes) > 1:
            yield edit("derivative-miswritten", None, changes, "every dZ" if f"dZ{last}" in changes else "dZ")


def _incomplete(net: Network, number: int, k: int) -> Change:
    after, name = activation_symbol(net, number), net.layers[number - 1].activation.name
    return instead(INCOMPLETE[name][k], f"d{after}", after)
