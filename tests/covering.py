"""Covering sets: of a grid of three axes or more the rows in which any two values meet, and no more than it needs."""

import random
from itertools import combinations, product

import pytest


def covering(*axes, seed=0):
    """Return rows, a value of each axis, such that any two values of two axes stand in one: chosen greedily by a draw.

    Of two axes that is the whole grid.
    """
    rows = list(product(*(range(len(axis)) for axis in axes)))
    random.Random(seed).shuffle(rows)  # noqa: S311  # a draw of rows, no secret
    wanted = {pair for row in rows for pair in pairs(row)}
    chosen = []
    while wanted:
        best = max(rows, key=lambda row: len(wanted & pairs(row)))
        wanted -= pairs(best)
        chosen.append(best)
    return [tuple(axis[place] for axis, place in zip(axes, row, strict=True)) for row in sorted(chosen)]


def pairs(row):
    """Every two places of a row, each with its axis."""
    return set(combinations(enumerate(row), 2))


def parametrized(**axes):
    """Mark a test to be run on a covering set; an axis is a list, or a dict that names its values."""
    named = [
        list(axis.items()) if isinstance(axis, dict) else [(None, value) for value in axis] for axis in axes.values()
    ]
    rows = covering(*named)
    return pytest.mark.parametrize(
        tuple(axes),
        [
            pytest.param(*(value for _, value in row), id="-".join(label(name, value) for name, value in row))
            for row in rows
        ],
    )


def label(name, value):
    """What stands in a case's name for a value."""
    return str(name if name is not None else getattr(value, "__name__", value))
