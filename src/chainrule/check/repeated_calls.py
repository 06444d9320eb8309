"""Repeated calls: whether code gives the same again, is random, or keeps what an earlier call left behind."""

from __future__ import annotations

import random
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.raws import arrays_of, as_it_came

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw


@contextmanager
def seeded() -> Iterator[None]:
    """Let NumPy's and Python's streams begin at one seed, and go on afterwards where they were."""
    kept, kept_too = np.random.get_state(), random.getstate()
    np.random.seed(0)
    random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(kept)
        random.setstate(kept_too)


def is_random(call: Callable[[Point], Raw], point: Point, calls: Sequence[Raw]) -> bool:
    """Whether calls differ at random: not with one seed for NumPy's and Python's streams, or without coming to rest."""
    arrays = [arrays_of(raw) for raw in calls]
    if alike(*arrays[:2]) or any(len(one) != len(arrays[0]) for one in arrays):
        return False
    with_one_seed = []
    for _ in range(2):
        with seeded():
            with_one_seed.append(arrays_of(as_it_came(call(point))))
    if alike(*with_one_seed):
        return not alike(arrays[1], arrays[2])
    return not alike(arrays[1], arrays[2]) and not adds_up(arrays) and not _settles(arrays, with_one_seed)


def _settles(arrays: Sequence[Sequence[Vector]], later: Sequence[Sequence[Vector]]) -> bool:
    """Whether calls come to rest: what is left of earlier ones fades, where what is drawn anew does not."""

    def distance(some: Sequence[Vector], others: Sequence[Vector]) -> float:
        return sum(float(np.abs(a - b).sum()) for a, b in zip(some, others, strict=True) if a.shape == b.shape)

    return distance(*later[:2]) < 0.2 * distance(*arrays[:2])


def remembers(calls: Sequence[Raw]) -> str | None:
    """Name what three calls at one place show that should give the same."""
    arrays = [arrays_of(raw) for raw in calls]
    shapes = [[array.shape for array in one] for one in arrays]
    if shapes[0] != shapes[1]:
        return "stale"
    if all(np.allclose(a, b, rtol=1e-9, equal_nan=True) for a, b in zip(*arrays[:2], strict=True)):
        return None
    return "accumulated" if shapes[1] == shapes[2] and adds_up(arrays) else "stale"


def adds_up(calls: Sequence[Sequence[Vector]]) -> bool:
    """Whether calls go on changing in the same direction: what is left of an earlier call would come to rest."""
    first, then = (
        np.concatenate([(b - a).ravel() for a, b in zip(*pair, strict=True)]) for pair in pairwise(calls[:3])
    )
    if not first.any() or not then.any():
        return False
    factor = float(then @ first) / float(first @ first)
    largest = float(np.abs(then).max())
    return largest > 1e-9 and bool(np.abs(then - factor * first).max() <= 1e-6 * largest)


def alike(some: Sequence[Vector], others: Sequence[Vector]) -> bool:
    """Whether arrays are the same, but for rounding."""
    return len(some) == len(others) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-7, atol=1e-12, equal_nan=True)
        for a, b in zip(some, others, strict=True)
    )
