"""Whole numbers where floats belong: what integer arrays and integer divisions make of a gradient."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.edits.output_errors import by_outputs, long_way, short_way
from chainrule.check.edits.program import Edit, edit, instead, then, top
from chainrule.network.derivation import fed_symbol, given_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.edits.program import Point, Vector
    from chainrule.network.network import Network

CUT, FLOOR, ROUND = then(np.trunc), then(np.floor), then(np.round)


def integers(net: Network, last: int) -> Iterator[Edit]:
    """Whole numbers anywhere: in what is given, in what is computed, in what is returned."""
    yield from _in_the_gradient(net)
    yield from _in_what_is_given(net)
    yield from _on_the_way(net, last)
    yield from _in_the_output_error(net, last)


def _in_the_gradient(net: Network) -> Iterator[Edit]:
    yield edit("integers", None, {f"g{name}": CUT for name in net.shapes}, "gradient")
    yield edit("integers", None, {f"d{name}": FLOOR for name in net.shapes}, "gradient")
    for name in net.shapes:
        number = int(name[1:])
        yield edit("integers", number, {f"g{name}": CUT}, f"d{name}")
        yield edit("integers", number, {f"d{name}": FLOOR}, f"d{name}")
    for letter in "Wb":
        blocks = [name for name in net.shapes if name.startswith(letter)]
        for whole in (CUT, FLOOR, ROUND) if len(blocks) > 1 else ():
            yield edit("integers", None, dict.fromkeys((f"g{name}" for name in blocks), whole), f"d{letter}")
            yield edit("integers", None, dict.fromkeys((f"d{name}" for name in blocks), whole), f"d{letter}")


def _given_cut(net: Network, names: tuple[str, ...], point: Point) -> dict[str, Any]:
    """Some of what is given, cut to whole numbers."""
    share = np.full(point.N, 1.0 / point.N)
    values = given_values(net, point.theta, point.X, point.T, share)
    return {name: np.trunc(values[name]) for name in names}


def _in_what_is_given(net: Network) -> Iterator[Edit]:
    for name in ("X", "T", *net.shapes):
        yield Edit("integers", None, name, {}, partial(_given_cut, net, (name,)))
    yield Edit("integers", None, "W", {}, partial(_given_cut, net, tuple(net.shapes)))


def _on_the_way(net: Network, last: int) -> Iterator[Edit]:
    for number, layer in enumerate(net.layers, start=1):
        yield edit("integers", number, {f"dZ{number}": CUT})
        symbols = [f"dW{number}", f"db{number}"] if layer.bias else [f"dW{number}"]
        yield edit("integers", number, dict.fromkeys(symbols, FLOOR))
        names = (fed_symbol(net, number - 1), f"dZ{number}")
        yield edit("integers", number, {f"dW{number}": instead(lambda a, d: np.trunc(a).T @ d, *names)})
        for whole in (np.trunc, np.floor, np.round):
            each = instead(partial(_sample_by_sample, whole), *names, "N")
            yield edit("integers", number, {f"dW{number}": each})
            if layer.bias:
                one = instead(partial(_error_by_error, whole), names[1], "N")
                yield edit("integers", number, {f"db{number}": one})
                yield edit("integers", number, {f"dW{number}": each, f"db{number}": one})
    for number in range(1, last):
        for symbol in (f"A{number}", f"Z{number}", f"dA{number}"):
            yield edit("integers", number, {symbol: CUT, **({} if symbol[0] == "d" else by_outputs(net))})
    yield edit("integers", last, {"Y": CUT, **by_outputs(net)})


def _sample_by_sample(whole: Callable[[Vector], Vector], A: Vector, dZ: Vector, N: float) -> Vector:
    """What each sample gives made whole, before the mean is taken."""
    total: Vector = whole(N * A[:, :, None] * dZ[:, None, :]).sum(axis=0) / N
    return total


def _error_by_error(whole: Callable[[Vector], Vector], dZ: Vector, N: float) -> Vector:
    total: Vector = whole(N * dZ).sum(axis=0) / N
    return total


def _in_the_output_error(net: Network, last: int) -> Iterator[Edit]:
    """Whole numbers in the output error alone: of the outputs, of the differences, of all of it."""
    yield edit("integers", last, {top(net): CUT})
    yield edit("integers", last, {top(net): FLOOR})
    yield edit("integers", last, {top(net): then(lambda d, n: np.floor(n * d) / n, "N")})
    if net.fused is not None:
        yield edit("integers", last, {"slopes": CUT})
    slope = net.loss.gradient if net.fused is None else net.fused.delta
    make = partial(long_way, net) if net.fused is None else short_way
    for whole in (np.round, np.trunc, np.floor):
        for rounded in (
            lambda y, t, whole=whole: slope(whole(y), t),
            lambda y, t, whole=whole: slope(t + whole(y - t), t),
            lambda y, t, whole=whole: whole(slope(y, t)),
            lambda y, t, whole=whole: slope(y, whole(t)),
        ):
            yield edit("integers", last, {f"dZ{last}": make(rounded)})
