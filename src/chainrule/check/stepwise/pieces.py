"""Pieces: what people write in each place of the way back, right and wrong, as values at a point.

A place is the output's error, the derivative it is multiplied by, what is passed back to a layer, what dW is made of.
The right piece comes first in each list and has no kind; every list has the same order at every point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.edits.misused_quantities import INCOMPLETE
from chainrule.check.edits.wrong_gradients import RATES, WIDENED
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.network.derivation import activation_symbol, fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chainrule.check.edits.program import Blocks, Vector
    from chainrule.maths.activations import Activation
    from chainrule.network.network import Network


@dataclass(frozen=True)
class WrongPart:
    """A mistake in one place: what it is called, the layer, the step of the derivation, and what stands there."""

    kind: str
    layer: int
    symbol: str
    reads: str = ""


@dataclass(frozen=True, eq=False)
class StandIn:
    """What may stand in one place: a value, or what is done to what comes; ``kind`` is "" for the right one."""

    kind: str
    reads: str
    value: Any


# --- the output's error -----------------------------------------------------------------------------------------------


def errors(net: Network, values: Mapping[str, Any]) -> list[StandIn]:
    """What may stand for the error at the top, each sample's own, before it is multiplied by the output's f′."""
    Y, T, Z = values["Y"], values["T"], values[f"Z{len(net.layers)}"]
    forth = net.layers[-1].activation.forward
    away = Y - T
    found = [StandIn("", "∂loss/∂Y", net.loss.gradient(Y, T))]
    found += [StandIn("loss-and-gradient-differ", "Y − T", away)]
    found += [
        StandIn("loss-for-derivative", "(Y − T)²", away * away),
        StandIn("loss-for-derivative", "|Y − T|", np.abs(away)),
        StandIn("loss-for-derivative", "the loss", net.loss.value(Y, T)[:, None] * np.ones_like(Y)),
        StandIn("loss-for-derivative", "−t log y + (1 − t) log(1 − y)", _logarithms(Y, T, 1.0)),
        StandIn("loss-for-derivative", "−t log y − (1 − t) log(1 − y)", _logarithms(Y, T, -1.0)),
        StandIn("wrong-error", "Y", Y),
        StandIn("wrong-error", "T", T),
        StandIn("wrong-error", "the sum of Y − T over the outputs", away.sum(axis=1, keepdims=True) + 0.0 * Y),
        StandIn("averaged-too-early", "the mean of Y − T over the samples", away.mean(axis=0) + 0.0 * Y),
        StandIn("averaged-too-early", "the mean of all Y − T", away.mean() + 0.0 * Y),
        StandIn("loss-for-derivative", "the mean of all (Y − T)²", (away * away).mean() + 0.0 * Y),
        StandIn("loss-for-derivative", "the mean of (Y − T)² over the outputs", _row_means(away * away)),
        StandIn("loss-for-derivative", "the loss of all samples", net.loss.value(Y, T).mean() + 0.0 * Y),
        StandIn("integers", "round(Y) − T", np.round(Y) - T),
        StandIn("integers", "trunc(Y − T)", np.trunc(away)),
        StandIn("preactivation-for-input", "Z − T", Z - T),
        StandIn("activation-twice", "f(Y) − T", forth(Y) - T),
        StandIn("loss-and-gradient-differ", "−T / Y", -T / Y),
        StandIn("loss-and-gradient-differ", "−T / Y + 1 / (1 − Y)", -T / Y + 1.0 / (1.0 - Y)),
        StandIn("loss-and-gradient-differ", "(Y − T) / Y", away / Y),
        StandIn("loss-and-gradient-differ", "the sign of Y − T", np.sign(away)),
    ]
    others = [loss for loss in LOSSES.values() if loss.name != net.loss.name]
    return found + [StandIn("loss-and-gradient-differ", f"that of {one.name}", one.gradient(Y, T)) for one in others]


def _row_means(error: Vector) -> Vector:
    result: Vector = error.mean(axis=1, keepdims=True) + 0.0 * error
    return result


def _logarithms(Y: Vector, T: Vector, sign: float) -> Vector:
    result: Vector = -T * np.log(Y) + sign * (1.0 - T) * np.log(1.0 - Y)
    return result


# --- derivatives ------------------------------------------------------------------------------------------------------


def derivatives(net: Network, values: Mapping[str, Any], number: int, *, as_activation: bool = False) -> list[StandIn]:
    """What may be done to the error that comes to a layer's activation: multiplied by f′(Z), or by something else.

    ``as_activation``: the forward pass has another activation there, and its derivative is none of the mistakes.
    """
    activation, after = net.layers[number - 1].activation, activation_symbol(net, number)
    Z, A = values[f"Z{number}"], values[after]
    back, forth = activation.backward, activation.forward
    once = partial(_backward, back, Z, A)
    found = [
        StandIn("", f"f′(Z{number})", once),
        StandIn("derivative-missing", "nothing", lambda e: e),
        StandIn("derivative-twice", f"f′(Z{number})²", lambda e: once(once(e))),
        StandIn("derivative-of-preactivation", f"f′ of A written for Z{number}", partial(_backward, back, Z, Z)),
        StandIn("derivative-of-activation", f"f′({after})", partial(_backward, back, A, forth(A))),
        StandIn("activation-for-derivative", after, lambda e: e * A),
        StandIn("activation-for-derivative", f"f({after})", lambda e: e * forth(A)),
        StandIn("activation-for-derivative", f"Z{number}", lambda e: e * Z),
    ]
    if activation.name == "softmax":
        found.append(StandIn("softmax-diagonal", "y (1 − y)", lambda e: e * A * (1.0 - A)))
    found += _of_other_activations(activation, Z, A, as_activation=as_activation)
    found += _miswritten(activation, Z, A)
    found += _of_other_layers(net, values, number)
    return [*found, *_of_the_error(activation, once, len(Z))]


def by_rows(function: Callable[..., Vector], *arrays: Vector) -> Vector:
    """Apply to stacks of arrays, (…, N, K), what is meant for the rows of one, (N, K).

    >>> by_rows(lambda e: e - e.mean(axis=1, keepdims=True), np.arange(4.0).reshape(2, 1, 2))[1]
    array([[-0.5,  0.5]])
    """
    shape = np.broadcast_shapes(*(one.shape for one in arrays))
    rows = [np.broadcast_to(one, shape).reshape(-1, shape[-1]) for one in arrays]
    return function(*rows).reshape(shape)


def _backward(back: Callable[[Vector, Vector, Vector], Vector], Z: Vector, A: Vector, e: Vector) -> Vector:
    return by_rows(back, e, Z, A)


def _of_other_activations(own: Activation, Z: Vector, A: Vector, *, as_activation: bool) -> Iterator[StandIn]:
    kind = "" if as_activation else "derivative-of-other-activation"
    for name in ("sigmoid", "tanh", "relu", "leaky_relu"):
        if name != own.name:
            other = ACTIVATIONS[name]
            for at, through in ((Z, A), (Z, other.forward(Z)), (A, other.forward(A))):
                yield StandIn(kind, f"that of {name}", partial(_backward, other.backward, at, through))


def _miswritten(own: Activation, Z: Vector, A: Vector) -> Iterator[StandIn]:
    """Derivatives written from memory, of A and of Z."""
    formulas = [one for name in dict.fromkeys((own.name, *INCOMPLETE)) for one in INCOMPLETE.get(name, ())]
    formulas += [
        lambda e, a: e * (1.0 + a),
        lambda e, a: e * 2.0 * a,
        lambda e, a: e * a * a,
        lambda e, a: e / (1.0 + a * a),
    ]
    for formula, at in product(formulas, (A, Z)):  # those of other activations have a name of their own
        yield StandIn("derivative-miswritten", "f′ miswritten", lambda e, formula=formula, at=at: formula(e, at))
    if own.name in ("relu", "leaky_relu"):
        yield StandIn("derivative-turned", "f′(−Z)", partial(_backward, own.backward, -Z, own.forward(-Z)))


def _of_other_layers(net: Network, values: Mapping[str, Any], number: int) -> Iterator[StandIn]:
    """F′ at another layer's values, or at those of one unit for all."""
    activation, last = net.layers[number - 1].activation, len(net.layers)
    width = width_of(net, number)
    for other in range(last + 1):
        if other != number and width_of(net, other) in (1, width):
            A = values[activation_symbol(net, other)]
            Z = values[f"Z{other}"] if other else A
            for at, through in ((Z, A), (A, activation.forward(A))):
                spread = (np.repeat(one, width // one.shape[1], axis=1) for one in (at, through))
                kind, reads = "derivative-of-other-layer", f"f′ of layer {other}" if other else "f′(X)"
                yield StandIn(kind, reads, partial(_backward, activation.backward, *spread))
    Z, A = values[f"Z{number}"], values[activation_symbol(net, number)]
    for unit in (0, -1) if width > 1 else ():
        alike = (one[:, [unit]] * np.ones(width) for one in (Z, A))
        yield StandIn("derivative-of-other-layer", "f′ of one unit", partial(_backward, activation.backward, *alike))


def _of_the_error(own: Activation, once: Callable[[Vector], Vector], n_samples: int) -> Iterator[StandIn]:
    """What takes the error for an activation, sums it up, or adds f′ to it: of the mean's error, and each sample's."""
    forth, back = partial(by_rows, own.forward), partial(by_rows, own.backward)
    for n in (1.0, float(n_samples)):
        yield StandIn("activation-of-error", "f(dA)", lambda e, n=n: forth(n * e) / n)
        yield StandIn("derivative-of-error", "dA ⊙ f′(dA)", lambda e, n=n: back(e, n * e, n * e))
        yield StandIn("derivative-of-error", "dA ⊙ f′(dA)", lambda e, n=n: back(e, n * e, forth(n * e)))
        yield StandIn("derivative-of-error", "f′(dA)", lambda e, n=n: back(np.ones_like(e) / n, n * e, forth(n * e)))
        yield StandIn("derivative-miswritten", "dA + f′(Z)", lambda e, n=n: e + once(np.ones_like(e)) / n)
    yield StandIn("inner-for-outer", "Σ dA ⊙ f′(Z)", lambda e: once(e).sum(axis=-1, keepdims=True) + 0.0 * e)
    yield StandIn("derivative-missing", "Σ dA", lambda e: e.sum(axis=-1, keepdims=True) + 0.0 * e)


# --- what is passed back ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Behind:
    """What is known of the layer behind: its error as the code has it, the error before its f′, its own blocks."""

    dZ: Vector
    dA: Vector
    given: Blocks
    rate: float = 0.0
    scale: float = 1.0  # by which the code's own error is off


def ways_back(net: Network, values: Mapping[str, Any], number: int, behind: Behind) -> list[tuple[StandIn, int]]:
    """What may be passed back from a layer to the one before it, each with the layer it is told of."""
    d, W, through = behind.dZ, values[f"W{number}"], f"dZ{number}"
    missing = "output-derivative-missing" if number == len(net.layers) else "derivative-missing"
    found = [
        (StandIn("", f"{through} W{number}ᵀ", d @ W.T), number),
        (StandIn(missing, f"d{activation_symbol(net, number)} W{number}ᵀ", behind.dA @ W.T), number),
    ]
    if W.shape[0] == W.shape[1]:
        found.append((StandIn("weights-transposed", f"{through} W{number}", d @ W), number))
        found.append((StandIn("weights-missing", through, d), number))
    spread = np.ones((1, len(W)))
    found.append((StandIn("weights-missing", f"Σ {through}", d.sum(axis=1, keepdims=True) * spread), number))
    found += [(one, number) for one in _along_other_weights(number, W, behind, float(len(d)))]
    found += [(one, number) for one in _updated_by_one_sample(net, values, number, behind)]
    found += [(one, number - 1) for one in _other_errors(net, values, number, behind)]
    return found


def _along_other_weights(number: int, W: Vector, behind: Behind, n: float) -> Iterator[StandIn]:
    """Along dW, along W as it was updated already, or along W of which each unit has its share."""
    d, G = behind.dZ, behind.given.get(f"W{number}")
    if G is not None and G.shape == W.shape and np.isfinite(G).all():
        yield StandIn("gradient-for-weights", f"dZ{number} dW{number}ᵀ", d @ G.T)
        rates = [behind.rate] if behind.rate else RATES
        for rate, sign in product(rates, (1.0, -1.0)):
            yield StandIn("updated-weights", f"dZ{number} (W{number} updated)ᵀ", d @ (W - sign * rate * G).T)
            yield StandIn("updated-weights", f"dZ{number} (W{number} updated)ᵀ", d @ (W - sign * rate / n * G).T)
    for shares in (W / W.sum(axis=0), W / np.abs(W).sum(axis=0), W / W.sum(axis=1, keepdims=True)):
        yield StandIn("wrong-error", f"dZ{number} in shares of W{number}", d @ shares.T)


def _updated_by_one_sample(net: Network, values: Mapping[str, Any], number: int, behind: Behind) -> Iterator[StandIn]:
    """Along W that this sample's own gradient has moved already."""
    d, W = behind.dZ, values[f"W{number}"]
    own = values[fed_symbol(net, number - 1)] * (d * d).sum(axis=1, keepdims=True) * len(d) * behind.scale
    for rate, sign in product([behind.rate] if behind.rate else RATES, (1.0, -1.0)):
        yield StandIn("updated-weights", f"dZ{number} (W{number} updated)ᵀ", d @ W.T - sign * rate * own)


def _other_errors(net: Network, values: Mapping[str, Any], number: int, behind: Behind) -> Iterator[StandIn]:
    """Something else than the error of the layer behind: values for errors, one unit's error, the output's error."""
    d, W, after = behind.dZ, values[f"W{number}"], activation_symbol(net, number)
    for name, sign in product((after, f"Z{number}"), (1.0, -1.0)):
        yield StandIn("wrong-error", f"{name} W{number}ᵀ", sign / len(d) * values[name] @ W.T)
    for unit in (0, -1) if W.shape[1] > 1 else ():
        yield StandIn("wrong-error", "the error of one unit", d[:, [unit]] * W[:, unit])
    yield from _by_one_row(d, W)
    yield StandIn("wrong-error", "the errors by summed weights", d.sum(axis=1, keepdims=True) * W.sum(axis=1))
    top = values["slopes"] / len(d)
    for error, reads in ((top, "the output's error"), (behind.dA, "dA"), (d, f"dZ{number}")):
        yield from (StandIn("wrong-error", reads, wide) for wide in _as_wide(error, W))
        if error.shape[1] == W.shape[1] and error is not behind.dA:
            yield StandIn("wrong-error", f"{reads} W{number}ᵀ", error @ W.T)


def _by_one_row(d: Vector, W: Vector) -> Iterator[StandIn]:
    """The errors by the weights of one unit alone: all together, one by one, or added up so far."""
    for unit in (0, -1) if len(W) > 1 else ():
        alike = d * W[unit]
        whole = alike.sum(axis=1, keepdims=True) * np.ones((1, len(W)))
        yield StandIn("wrong-error", "the error by one unit's weights", whole)
        if W.shape[0] <= W.shape[1]:
            yield StandIn("wrong-error", "the errors one by one", alike[:, : len(W)])
            yield StandIn("wrong-error", "the errors added up so far", np.cumsum(alike, axis=1)[:, : len(W)])


def _as_wide(error: Vector, W: Vector) -> Iterator[Vector]:
    for widened in WIDENED:
        try:
            yield widened(error, W)
        except ValueError:
            continue


# --- what dW is made of -----------------------------------------------------------------------------------------------


def inputs_of(net: Network, values: Mapping[str, Any], number: int) -> list[StandIn]:
    """What dW may be made of, beside the error."""
    before, W = values[fed_symbol(net, number - 1)], values[f"W{number}"]
    found = [StandIn("", activation_symbol(net, number - 1), before)]
    if number > 1:
        Z, activation = values[f"Z{number - 1}"], net.layers[number - 2].activation
        found += [
            StandIn("preactivation-for-input", f"Z{number - 1}", Z),
            StandIn("derivative-for-input", f"f′(Z{number - 1})", activation.backward(np.ones_like(Z), Z, before)),
            StandIn("derivative-for-input", f"f′(A{number - 1})", _slope_at(activation, before)),
            StandIn("activation-twice", f"f(A{number - 1})", activation.forward(before)),
        ]
    else:
        forth = net.layers[0].activation.forward
        found.append(StandIn("wrong-input", "f(X)", forth(before)))
    for other in range(len(net.layers) + 1):
        if other != number - 1:
            value, name = values[activation_symbol(net, other)], activation_symbol(net, other)
            found += [StandIn("wrong-input", name, wide) for wide in _as_wide(value, W)]
    found.append(StandIn("wrong-input", "1", np.ones_like(before)))
    found.append(StandIn("wrong-input", "T", values["T"][:, :1] * np.ones((1, len(W)))))
    for unit in (0, -1) if before.shape[1] > 1 else ():
        found.append(StandIn("wrong-input", "one input for all", before[:, [unit]] + 0.0 * before))
    return found


def _slope_at(activation: Activation, Z: Vector) -> Vector:
    return activation.backward(np.ones_like(Z), Z, activation.forward(Z))
