"""Wrong ways: mistakes in what a layer's gradient is made of, and in what is passed back to the layer before it."""

from __future__ import annotations

from functools import partial
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.edits.program import Edit, edit, instead, of, then, top
from chainrule.network.derivation import activation_symbol, fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.edits.program import Change, Vector
    from chainrule.network.network import Network

RATES = (1.0, 0.5, 0.3, 0.1, 0.05, 0.03, 0.01, 0.003, 0.001)  # with which somebody may have updated W too early


def inputs(net: Network, last: int) -> Iterator[Edit]:
    """DW made of something else than the layer's inputs and its error."""
    for number in range(1, last + 1):
        dW, dZ, width = f"dW{number}", f"dZ{number}", width_of(net, number - 1)
        if number > 1:
            yield edit("preactivation-for-input", number, {dW: of(f"Z{number - 1}", dZ)})
        for other in range(last + 1):
            if other != number - 1 and width_of(net, other) == width:
                yield edit("wrong-input", number, {dW: of(activation_symbol(net, other), dZ)})
            elif other != number - 1:
                for widened in WIDENED:
                    names = (activation_symbol(net, other), dZ, f"W{number}")
                    astray = instead(lambda a, d, w, wide=widened: wide(a, w).T @ d, *names)
                    yield edit("wrong-input", number, {dW: astray})
        yield edit("gradient-zero", number, {dW: then(lambda dW: 0.0 * dW)})
        yield edit("gradient-zero", number, {dZ: then(lambda dZ: 0.0 * dZ)})


def errors_astray(net: Network, last: int) -> Iterator[Edit]:
    """DW made of the error of another layer, as wide as it is or made as wide."""
    for number in range(1, last + 1):
        dW, before, W = f"dW{number}", fed_symbol(net, number - 1), f"W{number}"
        for other, widened in product(range(1, last + 1), WIDENED):
            if other != number:
                names = (before, f"dZ{other}", W, "l2")  # which may not be known before all dZ are
                astray = instead(partial(_of_error, widened), *names)
                yield edit("wrong-error", number, {f"g{W}": astray}, dW)
                if net.layers[number - 1].bias:
                    of_bias = instead(lambda d, w, wide=widened: wide(d, w.T).sum(axis=0), f"dZ{other}", W)
                    yield edit("wrong-error", number, {f"gb{number}": of_bias}, f"db{number}")
        back = net.layers[number - 1].activation.backward
        for behind in range(number + 1, last + 1):
            of_last = instead(
                lambda a, d, w, z, after, back=back: a.T @ back(d @ w.T, z, after),
                *(before, f"dZ{last}", f"W{behind}", f"Z{number}", activation_symbol(net, number)),
            )
            yield edit("wrong-error", number, {dW: of_last})


def nothing(net: Network, last: int) -> Iterator[Edit]:
    """A gradient that is 0."""
    zero = then(lambda dW: 0.0 * dW)
    yield edit("gradient-zero", None, {f"g{name}": zero for name in net.shapes}, "gradient")
    yield edit("gradient-zero", None, {f"d{name}": zero for name in net.shapes}, "gradient")


def _of_error(widened: Callable[[Vector, Vector], Vector], a: Vector, d: Vector, w: Vector, l2: float) -> Vector:
    return a.T @ widened(d, w.T) + 2.0 * l2 * w


def inputs_everywhere(net: Network, last: int) -> Iterator[Edit]:
    """The same slip in the inputs of every layer."""
    if last > 2:
        changes = {f"dW{n}": of(f"Z{n - 1}", f"dZ{n}") for n in range(2, last + 1)}
        yield edit("preactivation-for-input", None, changes, "dW")


def derivatives_astray(net: Network, last: int) -> Iterator[Edit]:
    """The derivative of an activation taken at another layer's values, where these are as many."""
    changes: dict[str, Change] = {}
    for number, other in permutations(range(1, last), 2):
        if width_of(net, number) != width_of(net, other):
            continue
        after, back = activation_symbol(net, number), net.layers[number - 1].activation.backward
        there = instead(back, f"d{after}", f"Z{other}", activation_symbol(net, other))
        yield edit("derivative-of-other-layer", number, {f"dZ{number}": there})
        if abs(number - other) == 1:
            changes[f"dZ{number}"] = there
            if f"dZ{other}" in changes:
                both = {name: changes[name] for name in sorted((f"dZ{number}", f"dZ{other}"))}
                yield edit("derivative-of-other-layer", None, both, "dZ")


def passing(net: Network, last: int) -> Iterator[Edit]:
    """What is passed back from a layer to the one before it."""
    for number in range(2, last + 1):
        dA, dZ, W = f"dA{number - 1}", f"dZ{number}", f"W{number}"
        for kind, change in _ways_back(net, number):
            yield edit(kind, number, {dA: change})
        if net.layers[number - 1].bias:
            for row in (0, -1):
                yield edit("bias-row-kept", number, {f"dZ{number - 1}": _with_ones(net, number, row)})
        for strength, sign in product(("zero", "l2"), (-1.0, 1.0)):
            own = instead(partial(_through_stepped, sign=sign), dZ, W, f"dW{number}", strength, "rate")
            yield edit("updated-weights", number, {dA: own})
            for rate in RATES:
                stepped = partial(_through_updated, rate, sign=sign)
                yield edit("updated-weights", number, {dA: instead(stepped, dZ, W, f"dW{number}", strength)})
        for other in range(2, last + 1):
            if other != number and net.shapes[f"W{other}"] == net.shapes[W]:
                yield edit("wrong-input", number, {dA: instead(lambda d, w: d @ w.T, dZ, f"W{other}")}, dA)
    yield from _errors_of_others(net, last)


def _ways_back(net: Network, number: int) -> Iterator[tuple[str, Change]]:
    """What dA may be made of, by kind."""
    if width_of(net, number - 1) == width_of(net, number):
        yield "weights-transposed", instead(lambda d, w: d @ w, f"dZ{number}", f"W{number}")
    yield from (("weights-missing", change) for change in _without_weights(net, number))
    yield from (("gradient-for-weights", change) for change in _along_gradient(number))
    yield from _sample_by_sample(net, number)
    if net.layers[number - 1].bias:
        yield from (("bias-row-kept", change) for change in _rows_kept(number))


def _without_weights(net: Network, number: int) -> Iterator[Change]:
    """The error passed back as it is, broadcast or summed."""
    dZ, W = f"dZ{number}", f"W{number}"
    if width_of(net, number - 1) == width_of(net, number):
        yield instead(lambda d: d, dZ)
    yield instead(lambda d, w: d.sum(axis=1, keepdims=True) * np.ones((1, len(w))), dZ, W)


def _errors_of_others(net: Network, last: int) -> Iterator[Edit]:
    """The error of a layer farther behind, in the place of the one that was passed back."""
    for number in range(2, last + 1):
        dA, W, before = f"dA{number - 1}", f"W{number}", f"dZ{number - 1}"
        for widened in WIDENED if net.fused is None else ():
            yield edit("wrong-error", number - 1, {dA: instead(widened, "dY", W)})
            yield edit("wrong-error", number - 1, {before: instead(widened, "dY", W)})
        back = net.layers[number - 2].activation.backward
        for other in range(number + 1, last + 1):
            if width_of(net, other) == width_of(net, number):
                yield edit("wrong-error", number - 1, {dA: instead(lambda d, w: d @ w.T, f"dZ{other}", W)})
            for widened in WIDENED:
                yield edit("wrong-error", number - 1, {dA: instead(widened, f"dZ{other}", W)})
            yield edit("wrong-error", number - 1, {dA: instead(lambda d, w: d @ w.T, f"dZ{other}", f"W{other}")})
            names = (f"dZ{other}", f"Z{number - 1}", f"A{number - 1}", W)
            for widened in WIDENED:
                direct = instead(lambda d, z, a, w, back=back, wide=widened: back(wide(d, w), z, a), *names)
                yield edit("wrong-error", number - 1, {before: direct})
                bare = instead(widened, f"dZ{other}", W)
                yield edit("wrong-error", number - 1, {before: bare})


def _rows_kept(number: int) -> Iterator[Change]:
    """The error through [W; b] with a wrong row dropped."""
    names = (f"dZ{number}", f"W{number}", f"b{number}")
    yield instead(lambda d, w, b: d @ np.vstack([w[1:], b]).T, *names)
    yield instead(lambda d, w, b: d @ np.vstack([b, w[:-1]]).T, *names)


def _with_ones(net: Network, number: int, dropped_row: int) -> Change:
    """The error through [W; b], times f′ of [A, 1], of which the wrong column is dropped."""
    back = net.layers[number - 2].activation.backward

    def change(d: Vector, w: Vector, b: Vector, z: Vector, a: Vector) -> Vector:
        ones = np.ones((len(d), 1))
        for_all = [np.vstack([w, b]), np.hstack([z, ones]), np.hstack([a, ones])]
        if dropped_row == -1:
            for_all = [np.vstack([b, w]), np.hstack([ones, z]), np.hstack([ones, a])]
        stack, zs, activations = for_all
        return np.delete(back(d @ stack.T, zs, activations), dropped_row, axis=1)

    after = activation_symbol(net, number - 1)
    return instead(change, f"dZ{number}", f"W{number}", f"b{number}", f"Z{number - 1}", after)


def _along_gradient(number: int) -> list[Change]:
    """The ways back along dW: the mean's, the sum's, with the penalty's part."""
    dZ, dW, W = f"dZ{number}", f"dW{number}", f"W{number}"
    return [
        instead(lambda d, g: d @ g.T, dZ, dW),
        instead(lambda d, g, n: n * d @ g.T, dZ, dW, "N"),
        instead(lambda d, g, w, l2: d @ (g + 2.0 * l2 * w).T, dZ, dW, W, "l2"),
        instead(lambda d, g, w, l2, n: d @ (g + 2.0 * l2 / n * w).T, dZ, dW, W, "l2", "N"),
    ]


def _sample_by_sample(net: Network, number: int) -> Iterator[tuple[str, Change]]:
    """What a loop over the samples passes back: along the sum so far, or this sample's own gradient.

    A sample's own error is dZ by its share of the average.
    """
    names = (f"dZ{number}", fed_symbol(net, number - 1), "share")

    def so_far(d: Vector, a: Vector, share: Vector) -> Vector:
        sums = np.cumsum(a[:, :, None] * d[:, None, :], axis=0) / share[0]
        passed: Vector = np.einsum("nio,no->ni", sums, d)
        return passed

    def own(d: Vector, a: Vector, share: Vector) -> Vector:
        passed: Vector = a * (d * d).sum(axis=1, keepdims=True) / share[0]
        return passed

    def updated(way: Callable[..., Vector], rate: float, d: Vector, a: Vector, share: Vector, w: Vector) -> Vector:
        return d @ w.T - rate * way(d, a, share)

    yield "gradient-for-weights", instead(so_far, *names)
    yield "gradient-for-weights", instead(own, *names)
    yield "gradient-for-weights", instead(lambda d, a, share: so_far(d, a, share) - own(d, a, share), *names)
    for rate, way in product(RATES, (own, so_far)):
        yield "updated-weights", instead(partial(updated, way, rate), *names, f"W{number}")


def passing_everywhere(net: Network, last: int) -> Iterator[Edit]:
    """The same slip in every layer that passes an error back."""
    numbers = range(2, last + 1)
    if len(numbers) < 2:
        return
    alike = [list(_sample_by_sample(net, number)) for number in numbers]
    for changed in zip(*alike, strict=True):
        by_layer = {f"dA{n - 1}": change for n, (_, change) in zip(numbers, changed, strict=True)}
        yield edit(changed[0][0], None, by_layer, "dA")
    for k in range(len(_along_gradient(2))):
        yield edit("gradient-for-weights", None, {f"dA{n - 1}": _along_gradient(n)[k] for n in numbers}, "dA")
    if all(width_of(net, n - 1) == width_of(net, n) for n in numbers):
        changes = {f"dA{n - 1}": instead(lambda d, w: d @ w, f"dZ{n}", f"W{n}") for n in numbers}
        yield edit("weights-transposed", None, changes, "dA")
    for strength in ("zero", "l2"):
        moved = {
            f"dA{n - 1}": instead(_through_stepped, f"dZ{n}", f"W{n}", f"dW{n}", strength, "rate") for n in numbers
        }
        yield edit("updated-weights", None, moved, "dA")
    for rate, strength in product(RATES, ("zero", "l2")):
        stepped = partial(_through_updated, rate)
        changes = {f"dA{n - 1}": instead(stepped, f"dZ{n}", f"W{n}", f"dW{n}", strength) for n in numbers}
        yield edit("updated-weights", None, changes, "dA")
    if all(layer.bias for layer in net.layers[1:]):
        for together in zip(*(_rows_kept(n) for n in numbers), strict=True):
            changes = {f"dA{n - 1}": change for n, change in zip(numbers, together, strict=True)}
            yield edit("bias-row-kept", None, changes, "dA")
        for row in (0, -1):
            yield edit("bias-row-kept", None, {f"dZ{n - 1}": _with_ones(net, n, row) for n in numbers}, "dA")


def _through_updated(rate: float, dZ: Vector, W: Vector, dW: Vector, l2: float, sign: float = -1.0) -> Vector:
    return dZ @ (W + sign * rate * (dW + 2.0 * l2 * W)).T


def _through_stepped(dZ: Vector, W: Vector, dW: Vector, l2: float, rate: float, sign: float = -1.0) -> Vector:
    """The same at the rate of the code's own step."""
    if not rate:
        raise ValueError("The code takes no step of its own.")
    return _through_updated(rate, dZ, W, dW, l2, sign)


def _as_wide(d: Vector, W: Vector) -> Vector:
    """An error as wide as a layer's inputs: it is so already, or a single column is broadcast."""
    if d.shape[1] not in (1, len(W)):
        raise ValueError("An error of this width does not fit.")
    return d * np.ones((1, len(W)))


def _repeated(d: Vector, W: Vector) -> Vector:
    """An error whose columns are repeated until there are as many as a layer has inputs."""
    return np.repeat(d, _times(d, W), axis=1)


def _in_turn(d: Vector, W: Vector) -> Vector:
    """An error whose columns are taken over and over until there are as many as a layer has inputs."""
    if not 1 < d.shape[1] < len(W):
        raise ValueError("An error of this width does not fit.")
    return d[:, np.arange(len(W)) % d.shape[1]]


def _cut(d: Vector, W: Vector) -> Vector:
    """As many columns of an error as a layer has inputs."""
    if d.shape[1] <= len(W):
        raise ValueError("There is nothing to cut.")
    return d[:, : len(W)]


def _times(d: Vector, W: Vector) -> int:
    wide, narrow = len(W), int(d.shape[1])
    if wide % narrow or narrow in (wide, 1):
        raise ValueError("An error of this width does not fit.")
    return wide // narrow


WIDENED: tuple[Callable[[Vector, Vector], Vector], ...] = (_as_wide, _repeated, _in_turn, _cut)


def samples(net: Network, last: int) -> Iterator[Edit]:
    """One sample in the place of all."""

    def only(row: int, factor: float | None) -> Change:
        def keep(d: Vector, n: float) -> Vector:
            kept = np.zeros_like(d)
            kept[row] = d[row] * (n if factor is None else factor)
            return kept

        return then(keep, "N")

    def outer(row: int, factor: float | None, a: Vector, d: Vector, n: float) -> Vector:
        return np.outer(a[row], d[row]) * (n if factor is None else factor)

    for row in (-1, 0):
        for factor in (1.0, None):
            weights = {
                f"dW{k}": instead(partial(outer, row, factor), fed_symbol(net, k - 1), f"dZ{k}", "N")
                for k in range(1, last + 1)
            }
            if last > 1:
                yield edit("one-sample", None, weights, "dW")
            yield edit("one-sample", None, {top(net): only(row, factor)}, "gradient")
            for number in range(1, last + 1):
                yield edit("one-sample", number, {f"dW{number}": weights[f"dW{number}"]})
