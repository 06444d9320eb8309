"""Constants: the number by which a block is off, alike at every point or by N, and what such numbers are called."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.conventions import SAME
from chainrule.check.stepwise.pieces import WrongPart
from chainrule.network.derivation import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from chainrule.check.conventions import Scale
    from chainrule.network.network import Network

    Rows: TypeAlias = "npt.NDArray[np.float64]"

CLOSE = 1e-5  # relative: of two constants that are one
USUAL = (
    1.0,
    2.0,
    0.5,
    4.0,
    0.25,
)  # sizes that a block of one or two entries may be off by: of others all are multiples
POWERS = (0, 1, -1, -2, 2)  # of N, by which a block may be off, the usual ones first
FEW = 3  # entries, of which one constant shows that a block is a multiple


@dataclass(frozen=True)
class BlockFactor:
    """A number by which something is off: ``value`` times N to the ``power``."""

    value: float = 1.0
    power: int = 0

    def over(self, other: BlockFactor) -> BlockFactor:
        """Divide by another constant."""
        return BlockFactor(self.value / other.value, self.power - other.power)

    @property
    def is_one(self) -> bool:
        """Whether nothing is off."""
        return self.power == 0 and abs(self.value - 1.0) <= CLOSE

    def same_as(self, other: BlockFactor) -> bool:
        """Whether two constants are one."""
        return self.over(other).is_one


def constant_of(found: Sequence[float], counts: Sequence[int], widths: Iterable[int]) -> BlockFactor | None:
    """Read the constants of several points, of so many samples each, as one; None where they are not one.

    >>> constant_of([26.0, 34.0], [13, 17], [2])
    BlockFactor(value=2.0, power=1)
    """
    if not np.isfinite(found).all() or not found[0]:
        return None
    powers = [power for power in POWERS if _alike([c / n**power for c, n in zip(found, counts, strict=True)])]
    if not powers:
        return None
    usual = [power for power in powers if is_usual(found[0] / counts[0] ** power, widths)]
    power = (usual or powers)[0]
    value = found[0] / counts[0] ** power
    return BlockFactor(_rounded(value), power)


def _alike(values: Sequence[float]) -> bool:
    return float(np.ptp(values)) <= CLOSE * abs(values[0])


def _rounded(value: float) -> float:
    """A constant without its last digits, where it is a simple number but for rounding."""
    near = float(np.round(value * 48.0) / 48.0)
    return near if near and abs(value / near - 1.0) <= CLOSE else value


def is_usual(value: float, widths: Iterable[int]) -> bool:
    """Whether a constant is one that people write: ±1, 2, ½, 4, ¼, by the number of units or outputs perhaps."""
    return bool((np.abs(abs(value) / _usual_sizes(widths) - 1.0) <= CLOSE).any())


def multiples(rows: Rows, given: Rows) -> tuple[npt.NDArray[np.bool_], Rows]:
    """Which rows are the given one but for a constant, and these constants."""
    with np.errstate(all="ignore"):
        factors = rows @ given / (rows * rows).sum(axis=1)
        off = np.abs(given - factors[:, None] * rows).max(axis=1, initial=0.0)
        fits = np.isfinite(factors) & (factors != 0.0) & (off <= SAME * np.abs(given).max(initial=0.0))
    return fits, factors


def may_be_constants(found: Rows, counts: Sequence[int], widths: Iterable[int], *, few: bool) -> npt.NDArray[np.bool_]:
    """Which columns of constants, a row for each point, are one constant: of a block of few entries a usual one."""
    n = np.array(counts, dtype=np.float64)[:, None]
    sizes = _usual_sizes(widths)
    fits = np.zeros(found.shape[1], dtype=bool)
    with np.errstate(all="ignore"):
        for power in POWERS:
            values = found / n**power
            one = np.ptp(values, axis=0) <= CLOSE * np.abs(values[0])
            if few:
                one &= (np.abs(np.abs(values[0])[:, None] / sizes - 1.0) <= CLOSE).any(axis=1)
            fits |= one
    return fits


def _usual_sizes(widths: Iterable[int]) -> Rows:
    return np.array(sorted({size * by for size in USUAL for n in (1, *widths) for by in (n, 1.0 / n)}))


# --- what constants are called ----------------------------------------------------------------------------------------


def of_scale(net: Network, scale: Scale) -> BlockFactor:
    """The constant by which a gradient in a convention differs from the mean's."""
    value = scale.data / (net.n_outputs if scale.over_outputs else 1.0)
    return BlockFactor(value, int(scale.by_n))


def told_constants(net: Network, found: dict[str, BlockFactor], scale: Scale) -> list[WrongPart]:
    """Say with as few mistakes as can be what blocks are off by: from a layer's error on, or a block alone."""
    usual = of_scale(net, scale)
    ratios = {name: constant.over(usual) for name, constant in found.items()}
    last = len(net.layers)
    choices = []
    for number in range(last, 0, -1):
        own = [ratios[name] for name in (f"W{number}", f"b{number}") if name in ratios]
        choices.append([None, *own])
    ways = [_parts_on_the_way(net, ratios, way) for way in product(*choices)]
    return min(ways, key=lambda parts: (len(parts), sum(part.symbol[:2] != "dZ" for part in parts)))


def _parts_on_the_way(
    net: Network, ratios: dict[str, BlockFactor], way: Sequence[BlockFactor | None]
) -> list[WrongPart]:
    """The mistakes where each layer's error is off by so much (None: as the one behind it), walking backward."""
    parts: list[WrongPart] = []
    flow = BlockFactor()
    for number, own in zip(range(len(net.layers), 0, -1), way, strict=True):
        if own is not None and not own.same_as(flow):
            symbol = "gradient" if number == len(net.layers) else f"dZ{number}"
            parts += _named(net, own.over(flow), number, symbol)
            flow = own
        off = {name: ratios[name].over(flow) for name in (f"W{number}", f"b{number}") if name in ratios}
        off = {name: ratio for name, ratio in off.items() if not ratio.is_one}
        both = list(off.values())
        if len(both) == 2 and both[0].same_as(both[1]):
            parts += _named(net, both[0], number, f"the gradient of layer {number}")
        else:
            parts += [part for name, ratio in off.items() for part in _named(net, ratio, number, f"d{name}")]
    return parts


def _named(net: Network, ratio: BlockFactor, number: int, symbol: str) -> list[WrongPart]:
    """What one constant is called: a sign, a two, a mean too many or too few, or a number."""
    kinds = []
    size, widths = abs(ratio.value), {width_of(net, k) for k in range(len(net.layers) + 1)}
    if ratio.power == 1 and any(n > 1 and abs(size * n - 1.0) <= CLOSE for n in widths):
        kinds.append("mean-of-wrong-count")
        size = 1.0
    elif abs(ratio.power) == 1:
        over = "bias-mean" if symbol.startswith("db") else "mean-twice"
        kinds.append("mean-missing" if ratio.power == 1 else over)
    elif ratio.power:
        kinds.append("factor")
    kinds += ["sign"] if ratio.value < 0 else []
    sizes = {"factor-two": 2.0, "factor-half": 0.5}
    kinds += [kind for kind, one in sizes.items() if abs(size / one - 1.0) <= CLOSE]
    if not kinds or (abs(size - 1.0) > CLOSE and not {"factor-two", "factor-half"} & set(kinds)):
        kinds.append("factor")
    return [WrongPart(kind, number, symbol) for kind in dict.fromkeys(kinds)]
