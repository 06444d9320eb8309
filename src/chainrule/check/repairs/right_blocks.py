"""Right blocks: how much of a gradient is that of the network, in the convention in which most of it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import SAME, TINY, Scale, blocks_in, flat, parts_of, scales, slices_of
from chainrule.check.diagnosis import backward_order
from chainrule.check.raws import as_it_came, at_own_start, gradients_of, with_names
from chainrule.check.repairs.time_limit import OutOfTime
from chainrule.check.returned_values import readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.check.calling import Form
    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.check.repairs.time_limit import TimeLimit
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

MOST_READINGS = 12
FEWEST = 2  # entries that are off by one factor: of one alone that says nothing
LONGEST_CALL = 0.3  # seconds that code may take after an edit
FEW = 4  # samples that are looked at first


@dataclass(frozen=True, eq=False)
class RightEntries:
    """A gradient, its entries one after the other, and which of them are right in a convention and a reading."""

    right: npt.NDArray[np.bool_]
    scale: Scale
    given: Vector
    reading: int

    @property
    def n_right(self) -> int:
        """How many are."""
        return int(self.right.sum())

    @property
    def is_whole(self) -> bool:
        """Whether all are."""
        return bool(self.right.all())

    def blocks(self, net: Network) -> list[str]:
        """The blocks of which every entry is right."""
        return [name for name, place in slices_of(net).items() if self.right[place].all()]

    def of_right_blocks(self, net: Network) -> npt.NDArray[np.bool_]:
        """The entries of these that are not 0: of a wrong block some may be right by chance, and any may be 0."""
        found = np.zeros_like(self.right)
        for name in self.blocks(net):
            found[slices_of(net)[name]] = True
        return np.asarray(found & (self.given != 0))


class RightBlocks:
    """The right gradient at some points, in every convention that code may mean."""

    def __init__(self, net: Network, form: Form, points: Sequence[Point], expected: Scale, limit: TimeLimit) -> None:
        self.net, self.form, self.points, self.limit = net, form, list(points), limit
        penalized = any(point.l2 for point in points)
        every = scales(penalized=penalized, several_outputs=net.n_outputs > 1)
        self.scales = [expected, *(one for one in every if one != expected and (one.penalty or not penalized))]
        self._rows: dict[bytes, Vector | None] = {}

    def narrow(self) -> None:
        """Look at a few samples of the first point from now on, where the same entries are right there."""
        whole, first = self.judged(), self.points[0]
        self.points[0] = replace(first, X=first.X[:FEW], T=first.T[:FEW])
        few = self.judged()
        if whole is not None and few is not None and np.array_equal(whole.right, few.right):
            self.points.append(first)
        else:
            self.points[0] = first

    def confirm(self, judged: RightEntries) -> bool:
        """Whether as many entries are right at the other points."""
        others = (self.judged(at, judged.scale) for at in range(1, len(self.points)))
        return all(one is not None and one.n_right >= judged.n_right for one in others)

    def judged(self, at: int = 0, scale: Scale | None = None) -> RightEntries | None:
        """Call the code at a point and hold its entries against the right ones; None where nothing can be read.

        With ``scale``, what came is read in this convention alone.
        """
        raw = self._called(self.points[at])
        if raw is None:
            return None
        point = replace(at_own_start(self.net, self.points[at], raw), rate=raw.rate or float(raw.updated))
        if (rows := self._rows_at(point)) is None:
            return None
        able = np.array([self._is_able(one, raw, scale) for one in self.scales])
        best: RightEntries | None = None
        for number, blocks in enumerate(self._ways(raw)):
            given = flat(self.net, blocks)
            right = _right_entries(given, rows, rate_is_known=bool(raw.rate or not raw.updated))
            count = np.where(able, right.sum(axis=1), -1)
            k = int(count.argmax())
            if best is None or count[k] > best.n_right:
                best = RightEntries(right[k], self.scales[k], given, number)
        return best

    def given(self, reading: int) -> Vector | None:
        """The gradient at the first point, as it was read before; None where it cannot be."""
        raw = self._called(self.points[0])
        ways = [] if raw is None else self._ways(raw)
        return flat(self.net, ways[reading]) if reading < len(ways) else None

    def _is_able(self, one: Scale, raw: Raw, scale: Scale | None) -> bool:
        return one == scale if scale is not None else not (raw.updated and one.data < 0)

    def _rows_at(self, point: Point) -> Vector | None:
        """The right gradient in every convention, and how far off an entry may be; None where there is none."""
        key = b"".join(one.tobytes() for one in (point.theta, point.X, point.T)) + repr((point.l2, point.rate)).encode()
        if key not in self._rows:
            parts = parts_of(self.net, point)
            self._rows[key] = (
                None if parts is None else np.stack([self._row(one, point, parts) for one in self.scales], 1)
            )
        return self._rows[key]

    def _row(self, scale: Scale, point: Point, parts: dict[str, tuple[Vector, Vector]]) -> Vector:
        blocks = blocks_in(scale, point, parts)
        off = {name: np.full(one.shape, SAME * max(np.abs(one).max(initial=0.0), TINY)) for name, one in blocks.items()}
        return np.stack([flat(self.net, blocks), flat(self.net, off)])

    def _called(self, point: Point) -> Raw | None:
        try:
            with self.limit.once(LONGEST_CALL), np.errstate(all="ignore"):
                return with_names(self.net, point, as_it_came(self.form(self.net)(point)))
        except OutOfTime:
            return None
        except Exception:  # whatever comes of code in which something else is written
            return None

    def _ways(self, raw: Raw) -> list[Blocks]:
        try:
            given = gradients_of(raw)
            if given is None or raw.exact:
                return [] if given is None else [given]
            return list(islice(readings(self.net, given), MOST_READINGS))
        except ValueError:  # rows of several lengths
            return []


def first_wrong(net: Network, right: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The wrong entries of the first block, walking backward, that has any."""
    found = np.zeros_like(right)
    for name in backward_order(net):
        place = slices_of(net)[name]
        if not right[place].all():
            found[place] = ~right[place]
            break
    return found


def _right_entries(given: Vector, rows: Vector, *, rate_is_known: bool) -> npt.NDArray[np.bool_]:
    """Which entries are right in each convention; at an unknown rate, those that are off by one and the same factor."""
    if rate_is_known:
        return np.asarray(np.abs(given - rows[0]) <= rows[1])
    wanted = rows * _usual_ratio(given, rows[0])[:, None]
    right = np.abs(given - wanted[0]) <= wanted[1]
    right[right.sum(axis=1) < FEWEST] = False
    return np.asarray(right)


def _usual_ratio(given: Vector, rows: Vector) -> Vector:
    """For each row the positive number that most entries are times it: that of a rate which nobody tells."""
    with np.errstate(all="ignore"):
        ratios = np.sort(np.log(given / rows), axis=1)  # NaN, of what is no positive number, comes last
    found = np.ones(len(rows))
    for k, row in enumerate(ratios):
        one = row[np.isfinite(row)]
        counts = np.searchsorted(one, one + SAME, side="right") - np.arange(len(one))
        if len(one):
            found[k] = np.exp(one[int(counts.argmax())])
    return found
