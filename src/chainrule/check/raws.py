"""What came back, as arrays: the step of an update as a gradient, named by the parameters that it moved."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.returned_values import as_items

if TYPE_CHECKING:
    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network


def at_own_start(net: Network, point: Point, raw: Raw) -> Point:
    """The point at which code stepped: with the parameters that it made itself, where it did."""
    if not raw.starts_itself:
        return point
    return replace(point, theta=np.concatenate([raw.gradients[0][name].ravel() for name in net.shapes]))


def gradients_of(raw: Raw) -> Any:
    """Return gradients: of updated parameters −Δ / rate."""
    if not raw.updated:
        return raw.gradients
    before, after = (as_items(one) for one in raw.gradients)
    if len(before) != len(after) or any(b.shape != a.shape for (_, b), (_, a) in zip(before, after, strict=True)):
        return None
    steps = [((b - a) / (raw.rate or 1.0), name) for (name, b), (_, a) in zip(before, after, strict=True)]
    if all(name is not None for _, name in steps):
        return {name: step for step, name in steps}
    return [step for step, _ in steps]


def steps_of(raw: Raw) -> list[Vector]:
    """What the parameters moved by, array by array."""
    before, after = (as_items(one) for one in raw.gradients)
    return [b - a for (_, b), (_, a) in zip(before, after, strict=True)]


def with_names(net: Network, point: Point, raw: Raw) -> Raw:
    """Name the arrays of a step by what they were before it: a block of the parameters, whichever way around."""
    if not raw.updated or raw.exact:
        return raw
    befores, afters = (as_items(one) for one in raw.gradients)
    blocks = {
        f"{letter}{k}": block
        for k, pair in enumerate(net.views(point.theta), 1)
        for letter, block in zip("Wb", pair, strict=True)
    }
    names = [
        [n for n, block in blocks.items() if block is not None and _is_block(before, block)] for _, before in befores
    ]
    if len(befores) != len(afters) or sorted(map(tuple, names)) != sorted((name,) for name in net.shapes):
        return raw
    named = [f"d{one[0]}" for one in names]
    pair = tuple(dict(zip(named, [a for _, a in items], strict=True)) for items in (befores, afters))
    return replace(raw, gradients=pair)


def _is_block(array: Vector, block: Vector) -> bool:
    if array.size != block.size:
        return False
    return np.array_equal(array.ravel(), block.ravel()) or np.array_equal(array.T.ravel(), block.ravel())


def as_it_came(raw: Raw) -> Raw:
    """Keep what was returned as it is now: the code may add to its own arrays later."""
    return replace(raw, gradients=copy.deepcopy(raw.gradients), Y=copy.deepcopy(raw.Y))


def arrays_of(raw: Raw) -> list[Vector]:
    """Return the arrays of a gradient, as they came."""
    return [array for _, array in as_items(gradients_of(raw))]
