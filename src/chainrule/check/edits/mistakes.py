"""Mistakes: what goes wrong in hand-written back-propagation, as edits of the program, in every layer where it can."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.averages import averages
from chainrule.check.edits.forward_passes import forward_passes
from chainrule.check.edits.integers import integers
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.misused_quantities import misused
from chainrule.check.edits.output_errors import by_outputs, long_way, short_way
from chainrule.check.edits.places import places
from chainrule.check.edits.program import Edit, edit, instead, scaled, then, top
from chainrule.check.edits.wrong_gradients import (
    derivatives_astray,
    errors_astray,
    inputs,
    inputs_everywhere,
    nothing,
    passing,
    passing_everywhere,
    samples,
)
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.network.derivation import activation_symbol, fed_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.edits.program import Change, Vector
    from chainrule.maths.activations import Activation
    from chainrule.network.network import Network

__all__ = ["KINDS", "edits_for"]


SIGMOID = ACTIVATIONS["sigmoid"]


def edits_for(net: Network) -> list[Edit]:
    """Every edit of this network's program that has a name."""
    last = len(net.layers)
    found: list[Edit] = []
    for make in (
        _scales,
        _biases,
        _derivatives,
        _outputs,
        nothing,
        inputs,
        inputs_everywhere,
        derivatives_astray,
        errors_astray,
        passing,
        passing_everywhere,
        samples,
        _penalties,
        _forward,
        misused,
        forward_passes,
        averages,
        integers,
        places,
    ):
        found += make(net, last)
    return found


def _blocks(net: Network) -> Iterator[tuple[int, str]]:
    for number, layer in enumerate(net.layers, start=1):
        yield number, f"dW{number}"
        if layer.bias:
            yield number, f"db{number}"


def _groups(net: Network) -> Iterator[tuple[int | None, str, list[str]]]:
    """Places where a factor can slip in: everything, a block, all weights or biases, a layer's error and all before."""
    yield None, "gradient", [top(net)]
    for number, symbol in _blocks(net):
        yield number, symbol, [symbol]
    weights = [symbol for _, symbol in _blocks(net) if symbol.startswith("dW")]
    biases = [symbol for _, symbol in _blocks(net) if symbol.startswith("db")]
    if len(net.layers) > 1:
        yield None, "dW", weights
    if len(biases) > 1:
        yield None, "db", biases
    for number in range(len(net.layers) - 1, 0, -1):
        yield number, f"dZ{number}", [f"dZ{number}"]
    for number, layer in enumerate(net.layers, start=1):
        if layer.bias:
            yield number, f"dW{number} and db{number}", [f"dW{number}", f"db{number}"]


def _scales(net: Network, last: int) -> Iterator[Edit]:
    one_over = then(lambda gradient, n: gradient / n, "N")
    for layer, symbol, symbols in _groups(net):
        mean = "bias-mean" if symbol.startswith("db") else "mean-twice"
        for kind, change in (
            ("mean-missing", scaled("N")),
            (mean, one_over),
            ("sign", scaled(-1.0)),
            ("factor-two", scaled(2.0)),
            ("factor-half", scaled(0.5)),
        ):
            yield edit(kind, layer, dict.fromkeys(symbols, change), symbol)
    yield from _scales_of_all(net)


def _scales_of_all(net: Network) -> Iterator[Edit]:
    """The same where the penalty's part is in: of everything, of a layer, of a block."""
    everything = list(net.shapes)
    layers = [[name for name in everything if name[1:] == str(k)] for k in range(1, len(net.layers) + 1)]
    weights = [name for name in everything if name.startswith("W")]
    for names, where in [
        (everything, "gradient"),
        *((names, " and ".join(f"d{name}" for name in names)) for names in layers),
        *(([name], f"d{name}") for name in weights),
        *([(weights, "dW")] if len(weights) > 1 else []),
    ]:
        for kind, change in (
            ("sign", scaled(-1.0)),
            ("mean-missing", scaled("N")),
            ("mean-twice", then(lambda gradient, n: gradient / n, "N")),
            ("factor-two", scaled(2.0)),
            ("factor-half", scaled(0.5)),
        ):
            layer = int(names[0][1:]) if len({name[1:] for name in names}) == 1 else None
            yield edit(kind, layer, dict.fromkeys((f"g{name}" for name in names), change), where)


def _biases(net: Network, last: int) -> Iterator[Edit]:
    variants: list[tuple[str, Callable[[int], Change]]] = [
        ("bias-missing", lambda _: then(lambda db: 0.0 * db)),
        ("bias-one-sample", lambda number: instead(lambda dZ: dZ[0], f"dZ{number}")),
        ("bias-one-sample", lambda number: instead(lambda dZ: dZ[-1], f"dZ{number}")),
        ("bias-one-sample", lambda number: instead(lambda dZ, n: n * dZ[-1], f"dZ{number}", "N")),
        ("bias-one-sample", lambda number: instead(lambda dZ, n: n * dZ[0], f"dZ{number}", "N")),
        ("bias-times-input", lambda number: instead(lambda dW: dW.sum(axis=0), f"dW{number}")),
        ("bias-times-input", lambda number: instead(lambda dW: dW.mean(axis=0), f"dW{number}")),
        ("bias-times-input", lambda number: instead(lambda dW: dW[0], f"dW{number}")),
        ("bias-times-input", lambda number: instead(lambda dW: dW[-1], f"dW{number}")),
        ("bias-times-input", lambda number: instead(_diagonal, f"dW{number}")),
        *(("bias-times-input", partial(_of_right_inputs, net, whole)) for whole in (_summed, _averaged, _first)),
    ]
    with_bias = [number for number, layer in enumerate(net.layers, start=1) if layer.bias]
    for kind, make in variants:
        for number in with_bias:
            yield edit(kind, number, {f"db{number}": make(number)})
        if len(with_bias) > 1:
            yield edit(kind, None, {f"db{number}": make(number) for number in with_bias}, "db")


def _of_right_inputs(net: Network, whole: Callable[[Vector], Vector], number: int) -> Change:
    """Σ dZ times the right inputs, whatever dW is made of."""
    return instead(lambda a, d: whole(a.T @ d), fed_symbol(net, number - 1), f"dZ{number}")


def _summed(dW: Vector) -> Vector:
    result: Vector = dW.sum(axis=0)
    return result


def _averaged(dW: Vector) -> Vector:
    result: Vector = dW.mean(axis=0)
    return result


def _first(dW: Vector) -> Vector:
    row: Vector = dW[0]
    return row


def _diagonal(dW: Vector) -> Vector:
    """Each unit's error times the input of the same number: the diagonal of dW, over and over."""
    n_in, n_out = dW.shape
    if n_in == 1:
        raise ValueError("One input is the first row, which has its own edit.")
    result: Vector = dW[np.arange(n_out) % n_in, np.arange(n_out)]
    return result


def _slope(activation: Activation, Z: Vector, A: Vector) -> Vector:
    """f′ entry by entry, by its backward of ones (softmax has none of its own: rows mix)."""
    return activation.backward(np.ones_like(A), Z, A)


def _derivative_changes(net: Network, number: int) -> dict[str, Change]:
    """What can go wrong with f′ in one layer, by kind."""
    activation = net.layers[number - 1].activation
    after = activation_symbol(net, number)
    came, Z = f"d{after}", f"Z{number}"
    back, forth = activation.backward, activation.forward
    return {
        "derivative-missing": instead(lambda dA: dA, came),
        "derivative-twice": instead(lambda dA, z, a: back(back(dA, z, a), z, a), came, Z, after),
        "derivative-of-preactivation": instead(lambda dA, z: back(dA, z, z), came, Z),
        "derivative-of-activation": instead(lambda dA, a: back(dA, a, forth(a)), came, after),
        "activation-for-derivative": instead(lambda dA, a: dA * a, came, after),
    }


def _derivatives(net: Network, last: int) -> Iterator[Edit]:
    by_layer = {number: _derivative_changes(net, number) for number in range(1, last)}
    for number, changes in by_layer.items():
        for kind, change in changes.items():
            yield edit(kind, number, {f"dZ{number}": change})
        forth, after = net.layers[number - 1].activation.forward, activation_symbol(net, number)
        once_more = instead(lambda dA, a, forth=forth: dA * forth(a), f"d{after}", after)
        yield edit("activation-for-derivative", number, {f"dZ{number}": once_more})
        if net.layers[number - 1].activation.name in ("relu", "leaky_relu"):
            back = net.layers[number - 1].activation.backward
            turned = instead(lambda dA, z, back=back, forth=forth: back(dA, -z, forth(-z)), f"d{after}", f"Z{number}")
            yield edit("derivative-turned", number, {f"dZ{number}": turned})
    if len(by_layer) > 1:
        for kind in next(iter(by_layer.values())):
            changes = {f"dZ{number}": by_layer[number][kind] for number in reversed(by_layer)}
            yield edit(kind, None, changes, "dZ")
    if net.fused is None and by_layer:
        output = _derivative_changes(net, last)
        for kind, change in output.items():
            changes = {f"dZ{last}": change, **{f"dZ{number}": by_layer[number][kind] for number in reversed(by_layer)}}
            yield edit(kind, None, changes, "every dZ")


def _fused_outputs(net: Network, last: int) -> Iterator[Edit]:
    """What goes wrong where output and loss are one: Y − T is all there is."""
    if net.fused is None:
        for kind, change in _derivative_changes(net, last).items():
            named = "output-derivative-missing" if kind == "derivative-missing" else kind
            yield edit(named, last, {f"dZ{last}": change})
        return
    output, delta = net.layers[-1].activation, net.fused.delta
    dZ, Z = f"dZ{last}", f"Z{last}"
    for change in (
        then(lambda d, z, y: d * _slope(output, z, y), Z, "Y"),
        then(output.backward, Z, "Y"),
        then(lambda d, y: d * y * (1.0 - y), "Y"),
        then(lambda d, z: d * _slope(output, z, z), Z),  # and that of the wrong quantity
        then(lambda d, z: d * _slope(SIGMOID, z, SIGMOID.forward(z)), Z),  # whatever the output is
    ):
        yield edit("output-derivative-extra", last, {dZ: change})
    yield edit("output-derivative-missing", last, {dZ: short_way(net.loss.gradient)})
    yield edit("activation-for-derivative", last, {dZ: then(lambda d, y: d * y, "Y")})
    yield from _unfused_derivatives(net, last)
    at_z = instead(lambda z, t, share: share[:, None] * delta(z, t), Z, "T", "share")
    yield edit("preactivation-for-input", last, {dZ: at_z})
    yield edit("loss-and-gradient-differ", last, {dZ: at_z})


def _unfused_derivatives(net: Network, last: int) -> Iterator[Edit]:
    """The output's derivative gone wrong where loss and output are written one after the other."""
    output, slope = net.layers[-1].activation, net.loss.gradient
    back, forth = output.backward, output.forward
    operands = (f"Z{last}", "Y", "T", "share")
    for kind, change in {
        "derivative-of-preactivation": lambda z, y, t, share: back(share[:, None] * slope(y, t), z, z),
        "derivative-of-activation": lambda z, y, t, share: back(share[:, None] * slope(y, t), y, forth(y)),
        "activation-for-derivative": lambda z, y, t, share: share[:, None] * slope(y, t) * y,
    }.items():
        yield edit(kind, last, {f"dZ{last}": instead(change, *operands)})


def _outputs(net: Network, last: int) -> Iterator[Edit]:
    """The output error: a derivative too many or too few, of the wrong quantity, of another loss, of other targets."""
    yield from _fused_outputs(net, last)
    dZ = f"dZ{last}"
    for other in LOSSES.values():
        if other.name != net.loss.name:
            yield edit("loss-and-gradient-differ", last, {dZ: long_way(net, other.gradient)})
            yield edit("loss-and-gradient-differ", last, {dZ: short_way(other.gradient)})
    for slope_of_other in (label_blind_slope, lambda y, t: -t):  # the latter of −y t: an indicator is missing
        yield edit("loss-and-gradient-differ", last, {dZ: long_way(net, slope_of_other)})
    slope = net.loss.gradient if net.fused is None else net.fused.delta
    make = partial(long_way, net) if net.fused is None else short_way
    for mixed in (
        lambda y, t: slope(y, np.broadcast_to(t.mean(axis=0), t.shape)),
        lambda y, t: slope(np.broadcast_to(y.mean(axis=0), y.shape), t),
        lambda y, t: np.mean([slope(y, np.broadcast_to(one, t.shape)) for one in t], axis=0),
        lambda y, t: np.mean([slope(np.broadcast_to(one, y.shape), t) for one in y], axis=0),
    ):
        yield edit("broadcast", last, {dZ: make(mixed)})
        yield edit("broadcast", last, {dZ: _times_n(make(mixed))})
    if net.fused is None:
        over_targets = _mixed_with_slopes(net)
        yield edit("broadcast", last, {dZ: over_targets})
        yield edit("broadcast", last, {dZ: _times_n(over_targets)})
    if net.n_outputs > 1:
        for turned in (lambda y, t: slope(y, t[:, ::-1]), lambda y, t: slope(y, np.roll(t, 1, axis=1))):
            yield edit("columns-swapped", last, {dZ: make(turned)})


def _mixed_with_slopes(net: Network) -> Change:
    """For each sample's target the errors of all outputs, each by its own derivative: n × n, summed the other way."""
    back, slope = net.layers[-1].activation.backward, net.loss.gradient

    def change(y: Vector, t: Vector, z: Vector, share: Vector) -> Vector:
        errors = [back(share[:, None] * slope(y, np.broadcast_to(one, t.shape)), z, y).mean(axis=0) for one in t]
        return np.array(errors)

    return instead(change, "Y", "T", f"Z{len(net.layers)}", "share")


def _times_n(change: Change) -> Change:
    return lambda step: scaled("N")(change(step))


def all_pairs(net: Network) -> Callable[[Vector, Vector], Vector]:
    """The loss of every output with every sample's target, averaged: what n × n differences come to."""

    def value(Y: Vector, T: Vector) -> Vector:
        losses: Vector = np.mean([net.loss.value(Y, np.broadcast_to(t, T.shape)) for t in T], axis=0)
        return losses

    return value


def blind_of_the_text(epsilon: float) -> Callable[[Vector, Vector], Vector]:
    """−[t log(t + ε) + (1 − y) log(1 − y + ε)]: S4's report, whose loss does not look at the label."""

    def value(Y: Vector, T: Vector) -> Vector:
        with np.errstate(all="ignore"):
            losses: Vector = -(T * np.log(T + epsilon) + (1.0 - Y) * np.log(1.0 - Y + epsilon)).sum(axis=1)
        return losses

    return value


def label_blind(Y: Vector, T: Vector) -> Vector:
    """−[t log y + log(1 − y)], which forgets the factor (1 − t)."""
    with np.errstate(all="ignore"):
        losses: Vector = -(T * np.log(Y) + np.log(1.0 - Y)).sum(axis=1)
    return losses


def label_blind_slope(Y: Vector, T: Vector) -> Vector:
    """Its derivative."""
    with np.errstate(all="ignore"):
        return -T / Y + 1.0 / (1.0 - Y)


def _penalties(net: Network, last: int) -> Iterator[Edit]:
    """The penalty's part of a gradient, in one layer or in all."""
    variants: list[tuple[str, Callable[[Vector, Vector, float, float], Vector]]] = [
        ("penalty-missing", lambda dW, W, l2, n: dW),
        ("penalty-halved", lambda dW, W, l2, n: dW + l2 * W),
        ("penalty-doubled", lambda dW, W, l2, n: dW + 4.0 * l2 * W),
        ("penalty-over-n", lambda dW, W, l2, n: dW + 2.0 * l2 / n * W),
        ("penalty-over-n", lambda dW, W, l2, n: dW + l2 / n * W),
        ("penalty-times-n", lambda dW, W, l2, n: dW + 2.0 * l2 * n * W),
        ("penalty-sign", lambda dW, W, l2, n: dW - 2.0 * l2 * W),
    ]
    for kind, function in variants:
        changes = {f"gW{k}": instead(function, f"dW{k}", f"W{k}", "l2", "N") for k in range(1, last + 1)}
        if last > 1:
            yield edit(kind, None, changes, "gW")
        for number in range(1, last + 1):
            yield edit(kind, number, {f"gW{number}": changes[f"gW{number}"]})
    with_bias = [number for number, layer in enumerate(net.layers, start=1) if layer.bias]
    for strength in (2.0, 1.0):
        changes = {f"gb{k}": then(lambda db, b, l2, s=strength: db + s * l2 * b, f"b{k}", "l2") for k in with_bias}
        if len(with_bias) > 1:
            yield edit("penalty-on-biases", None, changes, "gb")
        for number in with_bias:
            yield edit("penalty-on-biases", number, {f"gb{number}": changes[f"gb{number}"]})


def _forward(net: Network, last: int) -> Iterator[Edit]:
    """The forward pass: softmax over the wrong entries, another activation, a bias left out."""
    for number, layer in enumerate(net.layers, start=1):
        after, Z = activation_symbol(net, number), f"Z{number}"
        if layer.activation.name == "softmax":
            for kind, axis in (("softmax-axis", 0), ("softmax-over-everything", None)):
                for shift in (None, 0, 1):
                    turned = instead(partial(_softmax_over, axis, shift), Z)
                    yield edit(kind, number, {after: turned, **by_outputs(net)})
        for other in ACTIVATIONS.values():
            if other.name != layer.activation.name and (other.name != "softmax" or layer.n_outputs > 1):
                changes: dict[str, Change] = {after: instead(other.forward, Z), **by_outputs(net)}
                yield edit("activation-wrong", number, changes)
                if number < last:
                    came = f"d{after}"
                    changes = {**changes, f"dZ{number}": instead(other.backward, came, Z, after)}
                    yield edit("activation-wrong", number, changes)
        if layer.bias:
            before = fed_symbol(net, number - 1)
            yield edit("bias-not-added", number, {Z: instead(lambda A, W: A @ W, before, f"W{number}")})


def _softmax_over(axis: int | None, shift: int | None, Z: Vector) -> Vector:
    E = np.exp(Z - Z.max(axis=shift, keepdims=True))
    result: Vector = E / E.sum(axis=axis, keepdims=True)
    return result
