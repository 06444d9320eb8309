"""Objects: an object's parameters set and found again after a call, and the gradients that it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chainrule.check.given import CallInputs
from chainrule.check.layouts import Layout
from chainrule.check.parameter_places import (
    gradient_places,
    named_places,
    parameter_places,
    places_of,
    slot_at,
    units_among,
)
from chainrule.check.slots import Units, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.check.parameter_places import Found, Shapes
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network


def parameters_of(net: Network, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """Return the slot of each block; None where an object has none for some."""
    return _slots_at(parameter_places(tuple(net.shapes.items()), places_of(slots)), slots)


def parameters_named(shapes: Shapes, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """Return the slot of each block by names that number the layers, else by shape in their order."""
    return _slots_at(named_places(shapes, places_of(slots)), slots)


def _slots_at(found: Found, slots: Sequence[Slot]) -> dict[str, Slot] | None:
    return None if found is None else {block: slot_at(place, slots) for block, place in found.items()}


def same_places(found: Mapping[str, Slot], slots: Sequence[Slot]) -> dict[str, Slot]:
    """The parameters' slots after a call: lists and dicts may be others, their paths are the same."""
    by_path = {slot.path: slot for slot in slots}
    if any(isinstance(slot, Units) for slot in found.values()):
        by_path |= {place.path: slot_at(place, slots) for place in units_among(places_of(slots))}
    return {block: by_path.get(slot.path, slot) for block, slot in found.items()}


def put_all(found: Mapping[str, Slot], given: CallInputs, net: Network, slots: Sequence[Slot]) -> None:
    """Let the slots hold the parameters of a point, and every other slot that holds the same array."""
    blocks = {**CallInputs(net, given.point, Layout(), given.rate).blocks}
    turned = given.layout.turned
    if found.keys() != net.shapes.keys():
        rows = replace(given.layout, order=given.layout.order.replace("units", "rows"))  # type: ignore[arg-type]
        stacks = CallInputs(net, given.point, rows, given.rate).stacks
        blocks = {f"W{k}": stack for k, stack in enumerate(stacks, start=1)}
        turned = given.layout.order.startswith("units")
    turned = turned or any(_is_turned(slot.array.shape, blocks[name].shape) for name, slot in found.items())
    for name, slot in found.items():
        old = slot.value
        put_block(slot, blocks[name], turned=turned or isinstance(slot, Units))
        for other in slots if slot.value is not old else ():
            if other.value is old:
                put_block(other, blocks[name], turned=turned)


def _is_turned(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    """Whether a matrix is kept the other way around, and its shape shows it: then a square one is, too."""
    return len(have) == 2 and have == want[::-1] != want


def gradients_in(net: Network, slots: Sequence[Slot], before: Mapping[int, Vector]) -> dict[str, Vector] | None:
    """Return the gradients that an object keeps: arrays named so, or made anew, one for each block.

    ``before`` are the arrays that slots held before, by the identity of their containers and keys.
    """
    moved = tuple(place_of(slot) not in before for slot in slots)
    found = _slots_at(gradient_places(tuple(net.shapes.items()), places_of(slots), moved), slots)
    return None if found is None else {f"d{block}": slot.array.copy() for block, slot in found.items()}


def put_block(slot: Slot, value: Vector, *, turned: bool) -> None:
    """Let a slot hold a block, turned where its shape says so, or where both ways fit and the layout does."""
    have = slot.array.shape
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        slot.put((value.T if turned else value).copy())
    elif have != value.shape and have == value.shape[::-1]:
        slot.put(value.T.copy())
    else:
        slot.put(value.reshape(have).copy())
