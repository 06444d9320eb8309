"""Differences: a derivative from values of the loss alone, with an honest word on how well it is known.

Central differences at halved steps and one extrapolation of Richardson's, as in Ridders' method; what the left and
the right slope make of each other tells a kink from a curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.check.gradient_report import RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Vector: TypeAlias = npt.NDArray[np.float64]

LEVELS = 19  # the step is halved at most 18 times: from 2e-3 to 7e-9 in float64
WITNESSES = 4  # shorter steps that are asked when an estimate is not exact
PROBE = 1e-8  # the step at which nothing but rounding is left in a third difference


@dataclass(frozen=True)
class Estimate:
    """A derivative, how far off it may be, whether a kink is why, and whether one was met on the way."""

    value: float = math.nan
    uncertainty: float = math.inf
    at_kink: bool = True
    met_kink: bool = True


@dataclass(frozen=True)
class Level:
    """Differences at one step h: central = D(h), bend = right slope − left slope, rounding = noise / h."""

    central: float
    bend: float
    rounding: float


@dataclass(frozen=True)
class Differences:
    """The loss around theta, its value there, the eps it is computed with, and how far rounding moves it."""

    loss: Callable[[Vector], float]
    theta: Vector
    value: float
    eps: float
    noise: float

    def derivative(self, i: int) -> Estimate:
        """Return ∂loss/∂theta[i], halving the step until the estimate is exact or lost in rounding."""
        precision = max(self.eps, self.noise / abs(self.value) if self.value else 0.0)
        step = 2.0 ** round(math.log2(2 * min(1.0, precision) ** 0.2)) * max(1.0, abs(float(self.theta[i])))
        levels: list[Level] = []
        estimates: list[Estimate] = []
        while len(levels) < LEVELS:
            levels.append(self._level(i, step / 2 ** len(levels)))
            if len(levels) >= 3:
                estimates.append(_extrapolate(*levels[-3:]))
                best = min(range(len(estimates)), key=lambda k: estimates[k].uncertainty)
                exact = estimates[best].uncertainty <= 1e-9 * abs(estimates[best].value)
                lost_in_rounding = levels[-1].rounding >= estimates[best].uncertainty
                if exact or (lost_in_rounding and len(estimates) > best + WITNESSES):
                    break
        return _confirm(estimates[best], estimates[best + 1 : best + 1 + WITNESSES], levels)

    def _level(self, i: int, h: float) -> Level:
        middle = float(self.theta[i])
        above, below = middle + h, middle - h  # rounded, so the steps taken are measured and not assumed
        moved = self.theta.copy()
        moved[i] = above
        loss_above = self.loss(moved)
        moved[i] = below
        loss_below = self.loss(moved)
        central = (loss_above - loss_below) / (above - below)
        bend = (loss_above - self.value) / (above - middle) - (self.value - loss_below) / (middle - below)
        noise = max(self.noise, 2 * self.eps * max(abs(loss_above), abs(loss_below)))
        return Level(central, bend, (noise + self.eps * abs(central * middle)) / h)


def differences(loss: Callable[[Vector], float], theta: Vector, value: float, eps: float) -> Differences:
    """Return the differences around theta; the noise is 2 ε abs(f), or four times what third differences show."""
    signs = np.where(np.arange(theta.size) % 2, -1.0, 1.0)
    direction = signs * np.maximum(1.0, np.abs(theta)) / math.sqrt(theta.size)
    values = np.array([loss(theta + k * PROBE * direction) for k in range(1, 11)])
    deviation = float(np.median(np.abs(np.diff(values, 3)))) / (0.67 * math.sqrt(20))
    noise = max(2 * eps * abs(value), 4 * deviation if math.isfinite(deviation) else 0.0)
    return Differences(loss, theta, value, eps, noise)


def _extrapolate(wide: Level, middle: Level, narrow: Level) -> Estimate:
    """Return (4 D(h/2) − D(h)) / 3 at the two narrow steps; its uncertainty adds disagreement, bend, rounding.

    A smooth bend halves with h, but for a rest of order h³. At a kink it does not, and the rest is half the jump.
    """
    value = (4 * narrow.central - middle.central) / 3
    disagreement = abs(value - (4 * middle.central - wide.central) / 3)
    rest = abs(narrow.bend - middle.bend / 2)
    rounding = 1.5 * narrow.rounding
    uncertainty = 2 * disagreement + 2 * rest + rounding
    if not math.isfinite(uncertainty):
        return Estimate()
    at_kink = rest > 100 * rounding and 2 * rest > RIGHT * abs(value)
    return Estimate(value, uncertainty, at_kink, at_kink)


def _confirm(best: Estimate, shorter: Sequence[Estimate], levels: Sequence[Level]) -> Estimate:
    """Widen the uncertainty to what shorter steps find: among many kinks, three steps may agree by chance."""
    spread = max((abs(estimate.value - best.value) for estimate in shorter), default=0.0)
    met_kink = best.at_kink or _escaped(levels)
    return Estimate(best.value, max(best.uncertainty, 4 * spread), best.at_kink, met_kink)


def _escaped(levels: Sequence[Level]) -> bool:
    """Tell whether a kink was left behind: in two halvings a smooth rest falls 64-fold, a kink's to nothing."""
    rests = [max(abs(b.bend - a.bend / 2), 5 * b.rounding) for a, b in pairwise(levels)]
    return any(early > 1e5 * late for early, late in zip(rests, rests[2:], strict=False))
