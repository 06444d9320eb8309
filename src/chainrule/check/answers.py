"""Answers: what came back from all points, read as blocks in the same way; and the same for one sample at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.conventions import Answer, parts_of, same
from chainrule.check.raws import at_own_start, gradients_of
from chainrule.check.returned_values import as_outputs, readings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

MOST_READINGS = 60
TRIED_READINGS = 6  # of those that make as much sense
SINGLES = 2  # samples of each point that are looked at alone


def read(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> list[list[Answer]]:
    """Read the gradients of all points in the same way: the ways in which most blocks make sense."""
    ways = [
        [gradients_of(raw)] if raw.exact else list(islice(readings(net, gradients_of(raw)), MOST_READINGS))
        for raw in raws
    ]
    count = min(len(way) for way in ways)
    if count == 0:
        return []
    parts = [parts_of(net, point) for point in points]

    def sense(k: int) -> int:
        return sum(
            _is_made_of(way[k][name], *part[name])
            for way, part in zip(ways, parts, strict=True)
            for name in net.shapes
            if part is not None
        )

    senses = [sense(k) for k in range(count)]
    best = [k for k in range(count) if senses[k] == max(senses)][:TRIED_READINGS]
    outputs = [as_outputs(net, raw.Y, point.N) for point, raw in zip(points, raws, strict=True)]
    return [
        [Answer(raw.loss, Y, way[k], steps=raw.updated) for raw, Y, way in zip(raws, outputs, ways, strict=True)]
        for k in best
    ]


def _is_made_of(given: Vector, data: Vector, penalty: Vector) -> bool:
    """Whether a block is a combination of the right data's and penalty's parts."""
    if given.size == 1:  # of which every number is a multiple
        return False
    basis = np.stack([data.ravel(), penalty.ravel()], axis=1)
    if not np.isfinite(given).all():
        return False
    factors = np.linalg.lstsq(basis, given.ravel(), rcond=None)[0]
    return same((basis @ factors).reshape(given.shape), given) and abs(factors[0]) > 1e-12


def of_single_samples(
    net: Network,
    points: Sequence[Point],
    raws: Sequence[Raw],
    answers: Sequence[Answer],
    raw_at: Callable[[Point], Raw | None],
) -> tuple[list[Point], list[Answer]] | None:
    """Call the code with one sample at a time, and read what comes as its other answers were read; None where it fails.

    Samples of the last class are taken, for code that counts the classes by the largest label.
    """
    singles, came = [], []
    for point, raw in zip(points, raws, strict=True):
        last = np.argsort(-point.T.argmax(axis=1), kind="stable")[:SINGLES]
        for k in last.tolist():
            one = replace(point, X=point.X[k : k + 1], T=point.T[k : k + 1])
            if (found := raw_at(one)) is None:
                return None
            singles.append(at_own_start(net, one, found))
            came.append(replace(found, rate=raw.rate, exact=raw.exact))
    for way in read(net, [*points, *singles], [*raws, *came]):
        if all(np.array_equal(way[0].blocks[name], answers[0].blocks[name]) for name in net.shapes):
            return singles, way[len(points) :]
    return None
