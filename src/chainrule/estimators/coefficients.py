"""Coefficients: ``coefs_`` and ``intercepts_`` as scikit-learn has them, lists of arrays that are views of theta."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.maths.arrays import Array


class Coefficients(list):  # type: ignore[type-arg]  # of arrays
    """A list of views: writing to an array writes to theta, and so does putting another array in its place.

    >>> theta = np.zeros(3)
    >>> blocks = Coefficients([theta[:2], theta[2:]])
    >>> blocks[0] = [5, 6]
    >>> blocks[1][:] = 7
    >>> theta
    array([5., 6., 7.])
    """

    def __setitem__(self, place: Any, values: Any) -> None:
        """Copy values into the block."""
        block: Array = self[place]
        fill(f"block {place}", block, values)


def fill(name: str, block: Array, values: Any) -> None:
    """Copy values of the same shape into a block."""
    array = np.asarray(values)
    if array.shape != block.shape:
        raise InvalidValue(f"{name} must have shape {block.shape}, got {array.shape}.")
    block[...] = array


def fill_all(name: str, blocks: Sequence[Array], values: Sequence[Any]) -> None:
    """Copy a list of arrays into a list of blocks."""
    if len(values) != len(blocks):
        raise InvalidValue(f"{name} must have {len(blocks)} arrays, one a layer, got {len(values)}.")
    for number, (block, array) in enumerate(zip(blocks, values, strict=True)):
        fill(f"{name}[{number}]", block, array)
