"""Places: mistakes that put right numbers where others belong: blocks, layers, columns, rows, one number for all."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.edits.output_errors import by_outputs
from chainrule.check.edits.program import Edit, edit, instead, of, then, top
from chainrule.network.derivation import activation_symbol, fed_symbol, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.check.edits.program import Change, Point, Vector
    from chainrule.network.network import Network

TURNS: tuple[Callable[[Vector], Vector], ...] = (
    lambda g: g[..., ::-1],
    lambda g: np.roll(g, 1, axis=-1),
    lambda g: np.roll(g, -1, axis=-1),
    lambda g: g[::-1],
    lambda g: np.roll(g, 1, axis=0),
    lambda g: np.roll(g, -1, axis=0),
)  # the first three turn columns


def places(net: Network, last: int) -> Iterator[Edit]:
    """Entries in the wrong place: blocks, columns, rows, inputs, outputs; one number for all."""
    for name, shape in net.shapes.items():
        yield from _places_of_block(net, name, shape)
    for turn in TURNS if last > 1 else ():
        weights = {f"g{name}": then(turn) for name in net.shapes if name.startswith("W")}
        yield edit("columns-swapped", None, weights, "dW")
    yield from _whole_layers(net, last)
    yield from _errors_exchanged(net, last)
    yield from _ones_elsewhere(net, last)
    yield from _columns_on_the_way(net, last)
    for number in range(1, last + 1):
        yield from _one_number(net, number)


def _columns_on_the_way(net: Network, last: int) -> Iterator[Edit]:
    """Units, inputs or outputs turned round in what is computed, not in the gradient."""
    for number in range(1, last):
        for turn in TURNS[:3]:
            yield edit("columns-swapped", number, {f"dA{number}": then(turn)})
            names = (activation_symbol(net, number), f"dZ{number + 1}")
            product_of_turned = instead(partial(_of_turned, turn), *names)
            yield edit("columns-swapped", number, {f"dA{number}": then(turn), f"dW{number + 1}": product_of_turned})
    if net.n_features > 1:
        for turn in TURNS[:3]:
            yield Edit("columns-swapped", 1, "X", {}, partial(_turned_inputs, turn))
        turned = instead(lambda X, dZ: X[:, ::-1].T @ dZ, "X", "dZ1")
        yield edit("columns-swapped", 1, {"dW1": turned})
    if net.n_outputs > 1:
        for turn in TURNS[:2]:
            yield edit("columns-swapped", last, {top(net): then(turn)})


def _one_number(net: Network, number: int) -> Iterator[Edit]:
    """An inner product for the outer one: one number for all entries of dW, and of db where they are stacked."""
    shape = net.shapes[f"W{number}"]
    names = (fed_symbol(net, number - 1), f"dZ{number}")
    if shape[0] == shape[1] or shape[1] == 1:
        alike = instead(partial(_inner, shape), *names)
        yield edit("inner-for-outer", number, {f"dW{number}": alike})
        if net.layers[number - 1].bias:
            alike_too = instead(partial(_inner, shape[1:]), *names)
            yield edit("inner-for-outer", number, {f"dW{number}": alike, f"db{number}": alike_too})
    yield edit("inner-for-outer", number, {f"dW{number}": then(lambda g: np.full_like(g, g.sum()))})


def _places_of_block(net: Network, name: str, shape: tuple[int, ...]) -> Iterator[Edit]:
    number, symbol = int(name[1:]), f"g{name}"
    for turn in TURNS:
        yield edit("columns-swapped", number, {symbol: then(turn)})
    if len(shape) == 2 and shape[0] == shape[1] > 1:
        yield edit("gradient-transposed", number, {symbol: then(lambda g: g.T)})
    for axis, length in enumerate(shape):
        for i, j in combinations(range(min(length, 4)), 2):
            yield edit("columns-swapped", number, {symbol: then(partial(_swapped, axis, i, j))})
    for other in net.shapes:
        if other < name:
            yield from _exchanged(net, name, other)


def _exchanged(net: Network, name: str, other: str) -> Iterator[Edit]:
    """Two blocks in each other's place, where their shapes allow it."""
    (shape, symbol), (other_shape, other_symbol) = ((net.shapes[one], f"g{one}") for one in (name, other))
    both = f"d{name} and d{other}"
    if other_shape == shape:
        changes = {symbol: of(*_gradient_of(other)), other_symbol: of(*_gradient_of(name))}
        yield edit("blocks-swapped", None, changes, both)
    elif other_shape == shape[::-1] and len(shape) == 2:
        yield edit("blocks-swapped", None, {symbol: _flipped(other), other_symbol: _flipped(name)}, both)
    elif name[0] != other[0] and np.prod(other_shape) == np.prod(shape) > 1:  # w and b̃ of as many entries
        changes = {symbol: _reshaped(other, shape), other_symbol: _reshaped(name, other_shape)}
        yield edit("blocks-swapped", None, changes, both)


def _whole_layers(net: Network, last: int) -> Iterator[Edit]:
    """[dW; db] of a layer with its rows in another order, and two layers exchanged."""
    for number in range(1, last + 1):
        if net.layers[number - 1].bias:
            W, b = f"W{number}", f"b{number}"
            given = (f"d{W}", W, "l2", f"d{b}")
            for turn in TURNS[3:]:
                changes = {f"g{W}": instead(partial(_stack_turned, turn, W=True), *given)}
                changes[f"g{b}"] = instead(partial(_stack_turned, turn, W=False), *given)
                yield edit("columns-swapped", number, changes, f"dW{number}")
    for one, other in combinations(range(1, last + 1), 2):
        names = [name for name in net.shapes if name[1:] in (str(one), str(other))]
        mates = {name: f"{name[0]}{other if name[1:] == str(one) else one}" for name in names}
        if len(names) > 2 and all(net.shapes.get(mate) == net.shapes[name] for name, mate in mates.items()):
            changes = {f"g{name}": of(*_gradient_of(mate)) for name, mate in mates.items()}
            yield edit("blocks-swapped", None, changes, f"layer {one} and layer {other}")


def _errors_exchanged(net: Network, last: int) -> Iterator[Edit]:
    """Two layers' errors exchanged once all are known."""
    for one, other in combinations(range(1, last + 1), 2):
        if width_of(net, one) != width_of(net, other):
            continue
        changes: dict[str, Change] = {}
        for number, mate in ((one, other), (other, one)):
            names = (fed_symbol(net, number - 1), f"dZ{mate}", f"W{number}", "l2")
            changes[f"gW{number}"] = instead(lambda a, d, w, l2: a.T @ d + 2.0 * l2 * w, *names)
            if net.layers[number - 1].bias:
                changes[f"gb{number}"] = instead(lambda d: d.sum(axis=0), f"dZ{mate}")
        yield edit("blocks-swapped", None, changes, f"dZ{one} and dZ{other}")


def _ones_elsewhere(net: Network, last: int) -> Iterator[Edit]:
    """The column of ones on the other side than the bias's row: forward, and in the gradient."""
    with_bias = [number for number in range(1, last + 1) if net.layers[number - 1].bias]
    for numbers in ([with_bias] if len(with_bias) > 1 else []) + [[number] for number in with_bias]:
        for turn, back in ((TURNS[4], TURNS[5]), (TURNS[5], TURNS[4])):
            changes: dict[str, Change] = {}
            for number in numbers:
                names = (f"dW{number}", f"W{number}", "l2", f"db{number}")
                changes[f"gW{number}"] = instead(partial(_stack_turned, turn, W=True), *names)
                changes[f"gb{number}"] = instead(partial(_stack_turned, turn, W=False), *names)
            given = partial(_stacks_turned, net, back, tuple(numbers))
            layer = numbers[0] if len(numbers) == 1 else None
            yield Edit("columns-swapped", layer, "ones", {**changes, **by_outputs(net)}, given)


def _stacks_turned(
    net: Network, turn: Callable[[Vector], Vector], numbers: tuple[int, ...], point: Point
) -> dict[str, Any]:
    """Parameters as the code meets them: each [W; b] with its rows turned."""
    found: dict[str, Any] = {}
    for number, (W, b) in enumerate(net.views(point.theta.copy()), start=1):
        if number in numbers and b is not None:
            turned = turn(np.vstack([W, b]))
            found |= {f"W{number}": turned[:-1], f"b{number}": turned[-1]}
    return found


def _stack_turned(turn: Callable[[Vector], Vector], dW: Vector, w: Vector, l2: float, db: Vector, *, W: bool) -> Vector:
    turned = turn(np.vstack([dW + 2.0 * l2 * w, db]))
    return turned[:-1] if W else turned[-1]


def _of_turned(turn: Callable[[Vector], Vector], A: Vector, dZ: Vector) -> Vector:
    return turn(A).T @ dZ


def _turned_inputs(turn: Callable[[Vector], Vector], point: Point) -> dict[str, Any]:
    return {"X": turn(point.X)}


def _reshaped(name: str, shape: tuple[int, ...]) -> Change:
    """Another block's gradient in this block's shape."""
    if name.startswith("W"):
        return instead(lambda dW, W, l2: (dW + 2.0 * l2 * W).reshape(shape), *_gradient_of(name))
    return instead(lambda db: db.reshape(shape), *_gradient_of(name))


def _flipped(name: str) -> Change:
    return instead(lambda dW, W, l2: (dW + 2.0 * l2 * W).T, *_gradient_of(name))


def _gradient_of(name: str) -> tuple[str, ...]:
    return (f"d{name}", name, "l2") if name.startswith("W") else (f"d{name}",)


def _swapped(axis: int, i: int, j: int, g: Vector) -> Vector:
    order = np.arange(g.shape[axis])
    order[[i, j]] = order[[j, i]]
    return np.take(g, order, axis=axis)


def _inner(shape: tuple[int, ...], A: Vector, dZ: Vector) -> Vector:
    return np.full(shape, float((A * dZ).sum()))
