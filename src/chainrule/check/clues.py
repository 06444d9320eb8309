"""Clues: observations about blocks that no known mistake explains. A clue that is true of any error is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import listed
from chainrule.check.conventions import SAME
from chainrule.check.factors import factors_of
from chainrule.check.sentences import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.conventions import Answer
    from chainrule.check.diagnosis import Diagnosis
    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.network.network import Network


def clues_of(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], found: Diagnosis, right: Blocks
) -> list[str]:
    """What can be said of a gradient that no known mistake explains."""
    clues = [f"Wrong, walking backward: {listed([f'd{name}' for name in found.wrong])}."]
    right_ones = [f"d{name}" for name in net.shapes if name not in found.wrong]
    if right_ones:
        clues.append(f"Right: {listed(right_ones)}.")
    factors = factors_of(net, points, answers, found.scale, found.wrong)
    clues += [f"Every entry of d{name} is {factor} times what it should be." for name, factor in factors.items()]
    others = [name for name in found.wrong if name not in factors and name in answers[0].blocks]
    others.sort(key=lambda name: _says_nothing(answers[0].blocks[name]))  # walking backward otherwise
    for name in others[:1]:
        clues += _block_clues(name, answers[0].blocks[name], right[name])
    for explanation, share in found.nearest[:1]:
        if share >= 0.5:
            clues.append(f"Nearest, though it does not explain all: {spelled(explanation)}")
    return clues


def _block_clues(name: str, given: Vector, right: Vector) -> list[str]:
    if not np.isfinite(given).all():
        return [f"d{name} holds NaN or infinity."]
    if not given.any():
        return [f"d{name} is all zeros."]
    if _says_nothing(given):
        return []
    clues: list[str] = []
    if (np.sign(given) == -np.sign(right)).all():
        clues.append(f"Every entry of d{name} has the wrong sign.")
    if given.ndim == 2 and min(given.shape) > 1:
        ranks = [int(np.linalg.matrix_rank(matrix)) for matrix in (given, right)]
        if ranks[0] < ranks[1]:
            clues.append(f"d{name} has rank {ranks[0]} where {ranks[1]} is right: fewer samples enter it.")
    cosine = float((given * right).sum() / (np.linalg.norm(given) * np.linalg.norm(right) + 1e-300))
    way = "along" if cosine > 0.9 else "away from" if cosine < 0.2 else "partly along"
    clues.append(f"d{name} points {way} the right one (cosine {cosine:.2f}).")
    return clues


def _says_nothing(given: Vector) -> bool:
    """Whether whatever can be observed of a block is true of any error."""
    return bool(np.isfinite(given).all() and given.any()) and is_one_number(given)


def is_one_number(block: Vector) -> bool:
    """Whether a block is one number but for its sign, as of two outputs whose errors add up to 0: it has no direction.

    >>> is_one_number(np.array([0.25, -0.25])), is_one_number(np.array([0.25, -0.5]))
    (True, False)
    """
    return block.size == 1 or (block.size == 2 and bool(abs(block.sum()) <= SAME * np.abs(block).max()))
