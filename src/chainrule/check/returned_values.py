"""Reading: whatever a student's code returns, made into loss, outputs and a gradient by block.

Arrays are matched by name where they have names that tell, else by their order and shape; a transposed weight matrix, a
bias as a row or a column, an augmented matrix [W; b] and one flat array are all a gradient.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, permutations, product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.edits.program import Blocks, Vector
    from chainrule.network.network import Network

MOST_BLOCKS = 6  # of which all orders are tried
NAMED = re.compile(r"(?i)^(?:grad|g|d|delta|nabla)?_?(w|weights?|theta|b|bias|biases|c)_?(\d+)$")


@dataclass(frozen=True, eq=False)
class Raw:
    """What came back: a loss or none, outputs or none, and arrays, by name or in order."""

    loss: float | None
    Y: Vector | None
    gradients: Any
    updated: bool = False
    rate: float | None = None
    complaint: str = ""  # about what came back, where it cannot be read
    changed: bool = False  # whether arrays that were handed over are other ones now
    starts_itself: bool = False  # whether the code made the parameters itself that its step began at
    is_turned: bool = False  # whether a gradient is a row where the weights that were given are a column, or so
    exact: bool = False  # whether gradients are blocks by name already, and nothing else may be read into them


def as_items(gradients: Any) -> list[tuple[str | None, Vector]]:
    """Flatten tuples, lists and dicts of arrays into (name or None, array)."""
    if gradients is None:
        return []
    if isinstance(gradients, Mapping):
        found: list[tuple[str | None, Vector]] = []
        for name, value in gradients.items():
            inner = as_items(value)
            found += [(str(name) if len(inner) == 1 else f"{name}{k + 1}", array) for k, (_, array) in enumerate(inner)]
        return found
    if isinstance(gradients, list | tuple):
        if gradients and all(np.isscalar(value) for value in gradients):
            return [(None, np.asarray(gradients, dtype=np.float64))]
        return [item for value in gradients for item in as_items(value)]
    array = np.asarray(gradients)
    if array.dtype.kind == "O" and array.ndim:
        return as_items(list(array))
    return [(None, array.astype(np.float64))] if array.dtype.kind in "biuf" else []


def as_outputs(net: Network, Y: Any, n_samples: int) -> Vector | None:
    """Return outputs with samples as rows, if that is what they are."""
    if Y is None:
        return None
    array = np.asarray(Y, dtype=np.float64)
    wanted = (n_samples, net.n_outputs)
    if array.shape == wanted:
        return array
    if array.shape == wanted[::-1]:
        return array.T
    return array.reshape(wanted) if array.size == n_samples and net.n_outputs == 1 else None


def readings(net: Network, gradients: Any) -> Iterator[Blocks]:
    """Every way to read arrays as the blocks of this network's gradient, the most usual first."""
    items = as_items(gradients)
    seen: set[bytes] = set()
    for blocks in all_readings(net, items):
        mark = b"".join(np.ascontiguousarray(blocks[name]).tobytes() for name in net.shapes)
        if mark not in seen:
            seen.add(mark)
            yield blocks


ENTRY = re.compile(r"^([a-zA-Z_~]+?)_?(\d?)(\d?)$")


def _assembled(items: list[tuple[str | None, Vector]]) -> list[tuple[str | None, Vector]]:
    """Put numbers that come one by one, w1, w2, b, W11, …, together to vectors and matrices, by their names."""
    entries = [ENTRY.match(name or "") for name, _ in items]
    if len(items) < 2 or any(array.size != 1 for _, array in items) or not all(entries):
        return items
    groups: dict[tuple[str, int], dict[tuple[int, ...], float]] = {}
    for match, (_, array) in zip(entries, items, strict=True):
        if match is not None:
            place = tuple(int(digit) for digit in match.groups()[1:] if digit)
            groups.setdefault((match[1], len(place)), {})[place] = float(array.squeeze())
    arrays: list[tuple[str | None, Vector]] = []
    for group in groups.values():
        low = np.min(list(group), axis=0) if () not in group else np.zeros(0, dtype=int)
        shape = tuple(np.max(list(group), axis=0) - low + 1) if () not in group else (1,)
        if int(np.prod(shape)) != len(group):
            return items
        array = np.zeros(shape)
        for place, value in group.items():
            array[tuple(np.array(place, dtype=int) - low) if place else (0,)] = value
        arrays.append((None, array))
    return arrays


def all_readings(net: Network, items: list[tuple[str | None, Vector]]) -> Iterator[Blocks]:
    """Every way to read arrays with their names, in an order that depends on names and shapes alone."""
    whole = _assembled(items)
    if whole is not items:
        yield from all_readings(net, whole)
    if all(name is not None for name, _ in items) and (named := _by_name(net, items)) is not None:
        spread = {name: _spread(array, net.shapes.get(name, ())) for name, array in named.items()}
        yield from _oriented(net, named)
        yield from _oriented(net, spread)
        return
    arrays = [array for _, array in items]
    names = list(net.shapes)
    if len(arrays) == len(names):
        yield from _in_orders(net, arrays)
    if len(arrays) == len(net.layers):
        yield from _augmented(net, arrays)
    elif len(arrays) > len(names):  # more than a gradient: leave out what fits no block
        for order in orders(net):
            if (picked := _in_turn(net, order, arrays)) is not None:
                yield from _oriented(net, picked)
    if sum(array.size for array in arrays) == net.n_parameters:
        yield from _flat(net, np.concatenate([array.ravel() for array in arrays]))


def _by_name(net: Network, items: Sequence[tuple[str | None, Vector]]) -> dict[str, Vector] | None:
    """Match names such as dW1, db_2, w0 or grad_b1; numbers may begin with 0."""
    found: dict[tuple[str, int], Vector] = {}
    for name, array in items:
        match = NAMED.match(name or "")
        if match is None:
            continue
        letter = "b" if match[1].lower() in ("b", "bias", "biases", "c") else "W"
        found[letter, int(match[2])] = array
    numbers = sorted({number for _, number in found})
    if not numbers or len(numbers) != len(net.layers):
        return None
    place = {number: k for k, number in enumerate(numbers, start=1)}
    named = {f"{letter}{place[number]}": array for (letter, number), array in found.items()}
    return named if set(net.shapes) <= set(named) else None


def orders(net: Network) -> list[list[str]]:
    """Orders in which people return blocks."""
    layers = [[f"W{k}", f"b{k}"] if layer.bias else [f"W{k}"] for k, layer in enumerate(net.layers, start=1)]
    weights = [layer[0] for layer in layers]
    biases = [layer[1] for layer in layers if len(layer) == 2]
    return [
        [name for layer in layers for name in layer],
        weights + biases,
        [name for layer in reversed(layers) for name in layer],
        weights[::-1] + biases[::-1],
        [name for layer in layers for name in reversed(layer)],
        biases + weights,
        [name for layer in reversed(layers) for name in reversed(layer)],
        biases[::-1] + weights[::-1],
    ]


def out_of_order(net: Network, gradients: Any) -> Iterator[tuple[Blocks, tuple[str, ...]]]:
    """Every way to put as many arrays as there are blocks into them by their shapes, with the order that they had.

    Orders in which weights and biases come forward or backward are left out: those are people's own.
    """
    arrays = [array for _, array in as_items(gradients)]
    names = list(net.shapes)
    if len(arrays) != len(names) or len(names) > MOST_BLOCKS:
        return
    for order in permutations(names):
        if _is_usual(order):
            continue
        for transposed in (False, True):
            pairs = zip(order, arrays, strict=True)
            blocks = {name: _turned(array, net.shapes[name], transposed=transposed) for name, array in pairs}
            if all(block is not None for block in blocks.values()):
                yield {name: block for name, block in blocks.items() if block is not None}, order


def _is_usual(order: Sequence[str]) -> bool:
    """Whether the weights, and the biases, are each in order, forward or backward."""
    for letter in "Wb":
        numbers = [int(name[1:]) for name in order if name.startswith(letter)]
        if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
            return False
    return True


def _turned(array: Vector, shape: tuple[int, ...], *, transposed: bool) -> Vector | None:
    """Return an array as a block of this shape, or None if it is none."""
    if len(shape) == 1:
        return array.reshape(shape) if array.size == shape[0] and array.ndim <= 2 else None
    if transposed:
        return array.T if array.shape == shape[::-1] else None
    if array.shape == shape:
        return array
    one_sided = 1 in shape and array.size == shape[0] * shape[1]
    return array.reshape(shape) if one_sided and array.ndim <= 2 else None


def _oriented(net: Network, arrays: Mapping[str, Vector]) -> Iterator[Blocks]:
    """Read weight matrices as they stand, or transposed, all of them alike; then each as it fits."""
    for transposed in (False, True):
        blocks = {
            name: _turned(np.asarray(arrays[name]), shape, transposed=transposed) for name, shape in net.shapes.items()
        }
        if all(block is not None for block in blocks.values()):
            yield {name: block for name, block in blocks.items() if block is not None}
    mixed: Blocks = {}
    for name, shape in net.shapes.items():
        array = np.asarray(arrays[name])
        fitting = _turned(array, shape, transposed=False)
        fitting = _turned(array, shape, transposed=True) if fitting is None else fitting
        if fitting is None:
            return
        mixed[name] = fitting
    yield mixed


def _in_orders(net: Network, arrays: Sequence[Vector]) -> Iterator[Blocks]:
    """Read as many arrays as there are blocks in the usual orders.

    Then one number for a bias of several units is spread over them, as NumPy does where it is subtracted.
    """
    for order in orders(net):
        yield from _oriented(net, dict(zip(order, arrays, strict=True)))
    for order in orders(net):
        spread = {name: _spread(array, net.shapes[name]) for name, array in zip(order, arrays, strict=True)}
        yield from _oriented(net, spread)


def _spread(array: Vector, shape: tuple[int, ...]) -> Vector:
    return np.full(shape, array.item()) if len(shape) == 1 and array.size == 1 else array


def _in_turn(net: Network, order: Sequence[str], arrays: Sequence[Vector]) -> dict[str, Vector] | None:
    """Give each block the first array behind the last one taken that fits it."""
    picked: dict[str, Vector] = {}
    at = 0
    for name in order:
        while at < len(arrays):
            array, at = arrays[at], at + 1
            shape = net.shapes[name]
            if any(_turned(array, shape, transposed=turned) is not None for turned in (False, True)):
                picked[name] = array
                break
        else:
            return None
    return picked


def _flat(net: Network, flat: Vector) -> Iterator[Blocks]:
    """Cut one flat array into blocks: in several orders, rows or columns first."""
    for order, (column_first, transposed) in product(orders(net), [(False, False), (True, False), (False, True)]):
        ends = np.cumsum([0, *(int(np.prod(net.shapes[name])) for name in order)])
        blocks: Blocks = {}
        for name, (begin, end) in zip(order, pairwise(ends.tolist()), strict=True):
            part, shape = flat[begin:end], net.shapes[name]
            if transposed and len(shape) == 2:
                blocks[name] = part.reshape(shape[::-1]).T
            else:
                blocks[name] = part.reshape(shape, order="F" if column_first else "C")
        yield blocks
    yield from flat_by_units(net, flat)


def flat_by_units(net: Network, flat: Vector) -> Iterator[Blocks]:
    """Cut one flat array into matrices [W; b], the bias first or last, a unit's entries together or apart."""
    numbers = range(1, len(net.layers) + 1)
    for backwards, first, together in product((False, True), (False, True), (True, False)):
        at, matrices = 0, {}
        for k in reversed(numbers) if backwards else numbers:
            rows, columns = net.shapes[f"W{k}"]
            rows += net.layers[k - 1].bias
            part = flat[at : at + rows * columns]
            at += rows * columns
            matrices[k] = part.reshape(columns, rows).T if together else part.reshape(rows, columns)
        blocks: Blocks = {}
        for k in numbers:
            blocks |= _cut(net, k, matrices[k], first=first)
        yield {name: blocks[name] for name in net.shapes}


def _cut(net: Network, k: int, array: Vector, *, first: bool) -> Blocks:
    """Cut [W; b] into W and b."""
    if not net.layers[k - 1].bias:
        return {f"W{k}": array}
    return {f"W{k}": array[1:] if first else array[:-1], f"b{k}": array[0] if first else array[-1]}


def _augmented(net: Network, arrays: Sequence[Vector]) -> Iterator[Blocks]:
    """Read matrices [W; b], the bias as last or first row or column."""
    for backwards, transposed, first in product((False, True), (False, True), (False, True)):
        blocks: Blocks = {}
        for k, layer in enumerate(net.layers, start=1):
            array = np.asarray(arrays[-k if backwards else k - 1])
            array = array.T if transposed else array
            shape = net.shapes[f"W{k}"]
            if array.shape == shape and not layer.bias:
                blocks[f"W{k}"] = array
            elif array.shape == (shape[0] + 1, shape[1]) and layer.bias:
                blocks |= _cut(net, k, array, first=first)
        if len(blocks) == len(net.shapes):
            yield blocks
