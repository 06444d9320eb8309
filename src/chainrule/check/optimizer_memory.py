"""Optimizer memory: steps whose every entry is as long as the rate, and the gradients that Adam or RMSprop keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.student_objects import parameters_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network

OF_BLOCK = re.compile(r"(?i)_?(w|b|weights?|bias(es)?)_?\w{0,2}$")  # mean_w, vW1: what is behind the optimizer's word
NORMALISED = (
    "Every entry of your code's step has the same size, as the first step of Adam or RMSprop has: the gradient cannot "
    "be told from it. Hand me the function or method that returns the gradients, or let the step be W -= rate * dW."
)


def is_normalised(steps: Mapping[str, Vector]) -> bool:
    """Whether the entries of every block differ in sign alone.

    >>> is_normalised({"W1": np.array([0.1, -0.1, 0.1])}), is_normalised({"W1": np.array([0.1, -0.2])})
    (True, False)
    """
    sizes = [np.abs(step[step != 0.0]) for step in steps.values() if step.size > 1]
    return any(size.size for size in sizes) and all(np.ptp(one) <= 1e-3 * one.max() for one in sizes if one.size)


def gradient_kept(net: Network, slots: Sequence[Slot], steps: Mapping[str, Vector]) -> dict[str, Vector] | None:
    """Return the gradient, up to one factor, from the mean of its squares that an optimizer keeps; None without one."""
    families: dict[str, list[Slot]] = {}
    for slot in slots:
        families.setdefault(re.split(r"[.\[][^.\[]*$", slot.path)[0], []).append(slot)
        families.setdefault(f"name {OF_BLOCK.sub('', slot.name)}", []).append(slot)
    for family in families.values():
        found = parameters_named(net.shapes, family)
        if found is None or any((slot.array < 0.0).any() for slot in found.values()):
            continue
        arrays = {f"d{block}": np.sqrt(slot.array) for block, slot in found.items()}
        if all(array.any() and array.shape == steps[name].shape for name, array in arrays.items()):
            return {name: -np.sign(steps[name]) * array for name, array in arrays.items()}
    return None
