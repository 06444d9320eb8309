"""The told loss: whether a gradient is the derivative of the loss that the code itself returns, by differences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import slices_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.network.network import Network

DIRECTIONS = 3  # random ones in which each block is compared
STEPS = (1e-4, 1e-6)  # the second where a kink lies within the first
AGREES = 1e-4  # relative to the length of the block's gradient


@dataclass(frozen=True, eq=False)
class ToldLoss:
    """The loss that code returns, as a function of a point: ``at(point)`` is None where it returns none."""

    net: Network
    point: Point
    at: Callable[[Point], float | None]

    def blocks_off(self, blocks: Blocks) -> frozenset[str] | None:
        """Return the blocks that are not the derivative of this loss; None where differences do not settle the matter.

        Each block's gradient g is compared with (L(θ + h v) − L(θ − h v)) / 2h = g·v along a few random directions v.
        """
        if self.slopes is None or not any(any(known) for _, _, known in self.slopes):
            return None
        off: set[str] = set()
        for name, direction, known in self.slopes:
            gradient = np.asarray(blocks[name], dtype=np.float64).ravel()
            expected = float(gradient @ direction)
            limit = AGREES * max(float(np.linalg.norm(gradient)), 1e-8)
            if not any(abs(slope - expected) <= limit for slope in known):
                off.add(name)
        return frozenset(off)

    @cached_property
    def slopes(self) -> list[tuple[str, Vector, list[float]]] | None:
        """Slopes of the loss along directions of one block each; None where the loss is not known everywhere."""
        rng = np.random.RandomState(0)
        found: list[tuple[str, Vector, list[float]]] = []
        for name, part in slices_of(self.net).items():
            for _ in range(DIRECTIONS):
                direction = np.zeros(self.net.n_parameters)
                direction[part] = rng.normal(size=part.stop - part.start)
                known = [slope for h in STEPS if (slope := _slope(self.point, direction, h, self.at)) is not None]
                if not known:
                    return None
                found.append((name, direction[part], known))
        return found


def _slope(point: Point, direction: Vector, step: float, loss_at: Callable[[Point], float | None]) -> float | None:
    """A central difference along a direction, one of Richardson's extrapolations after it."""
    central = []
    for h in (step, step / 2):
        ahead, back = (loss_at(replace(point, theta=point.theta + sign * h * direction)) for sign in (1.0, -1.0))
        if ahead is None or back is None or not np.isfinite([ahead, back]).all():
            return None
        central.append((ahead - back) / (2 * h))
    return (4 * central[1] - central[0]) / 3
