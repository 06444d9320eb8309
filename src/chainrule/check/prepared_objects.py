"""Prepared objects: a copy of a student's object that holds the parameters of a point, ready to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainrule.check.slots import Slot, Units, place_of
from chainrule.check.student_copies import Copies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.edits.program import Vector


@dataclass(frozen=True, eq=False)
class PreparedObject:
    """An object, its slots, those of its parameters, and what they all held before these were set.

    ``parameters`` is None where it has none. ``is_usual``: whether it can be copied by its attributes alone.
    """

    thing: Any
    slots: Sequence[Slot]
    parameters: Mapping[str, Slot] | None
    held: Mapping[int, Vector]
    is_usual: bool

    def copied(self) -> PreparedObject:
        """Return a copy: its slots are those of the object, found by what their containers were copied to."""
        copies = Copies()
        thing = copies.of(self.thing)
        slots = [_copied(slot, copies) for slot in self.slots]
        parameters = self.parameters and {block: _copied(slot, copies) for block, slot in self.parameters.items()}
        held = {place_of(new): self.held[place_of(old)] for new, old in zip(slots, self.slots, strict=True)}
        return PreparedObject(thing, slots, parameters, held, is_usual=True)


def held_by_slots(slots: Sequence[Slot]) -> dict[int, Vector]:
    """Copies of what slots hold, by their places."""
    return {place_of(slot): slot.array.copy() for slot in slots}


def _copied(slot: Slot, copies: Copies) -> Slot:
    """The slot of a copy; a tuple of numbers alone is its own copy."""
    if isinstance(slot, Units):
        return Units([_copied(one, copies) for one in slot.container], slot.key, slot.path)
    return Slot(copies.made.get(id(slot.container), slot.container), slot.key, slot.path)
