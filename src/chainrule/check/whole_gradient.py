"""The whole gradient: one number by which all blocks are off, where it is another at every θ, as clipping makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import BackpropReport, Mistake, listed
from chainrule.check.conventions import SAME, flat, outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.conventions import Answer, Scale
    from chainrule.check.edits.program import Point, Vector
    from chainrule.network.network import Network

ALIKE = 1e-6  # relative: of numbers that are one
SHARED = (
    "Every block of your gradient is one and the same number times the right one, and that number is another at each "
    "θ ({factors}): its direction is right."
)
CLIPPED = "Its length was {length:.4g} wherever I looked: it seems to be clipped to that, or made as long."
IF_MEANT = "If you clip or normalise it, that is what you mean: to check more, hand it over before that."
OTHERWISE = "Otherwise look for what multiplies the whole gradient, a rate or a count, and depends on the parameters."


def shared_factor(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], scale: Scale, notes: Sequence[str]
) -> BackpropReport | None:
    """Report a gradient that is right but for a positive number that is another at each point; None for others."""
    factors, lengths = [], []
    for point, answer in zip(points, answers, strict=True):
        right = outcome(net, point, scale)
        if right is None or any(name not in answer.blocks for name in net.shapes):
            return None
        given, wanted = flat(net, answer.blocks), flat(net, right.blocks)
        if given.shape != wanted.shape or not np.isfinite(given).all() or not given.any():
            return None
        factor = float(given @ wanted) / float(wanted @ wanted)
        if factor <= 0.0 or np.abs(given - factor * wanted).max() > SAME * np.abs(given).max():
            return None
        factors.append(factor)
        lengths.append(float(np.linalg.norm(given)))
    counts = np.array([point.N for point in points], dtype=np.float64)
    if any(_is_one(np.array(factors) / counts**power) for power in (-2, -1, 0, 1, 2)):
        return None
    said = SHARED.format(factors=listed([f"{factor:.4g}" for factor in factors]))
    said = f"{said} {CLIPPED.format(length=lengths[0])}" if _is_one(np.array(lengths)) else said
    factor_told = Mistake("factor", "the whole gradient", said, f"{IF_MEANT} {OTHERWISE}", confidence=0.5)
    blocks = tuple(f"d{name}" for name in net.shapes)
    return BackpropReport("right up to a factor", (factor_told,), notes=tuple(notes), right=blocks)


def _is_one(numbers: Vector) -> bool:
    return bool(np.ptp(numbers) <= ALIKE * abs(numbers[0]))
