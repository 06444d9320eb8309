"""Colours for numbers: each map gets lighter or darker one way only, so that it still tells in black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chainrule.maths.arrays import Array

GREYS = LinearSegmentedColormap.from_list("from white to dark grey", ["#FFFFFF", "#404040"])
LIGHT_GREYS = LinearSegmentedColormap.from_list("from white to grey", ["#FFFFFF", "#7A7A7A"])
AROUND_ZERO = LinearSegmentedColormap.from_list(
    "from dark blue over grey to light orange", ["#03254E", "#2F6DB5", "#A3A3A3", "#FFC468", "#FFF4D6"]
)
"""Dark blue below zero, grey at zero, light orange above: a diverging map whose lightness rises all the way."""


def symmetric(arrays: Iterable[Array]) -> float:
    """Return the limit of a scale around zero that holds every entry, 1 where all of them are zero.

    >>> symmetric([np.array([1.0, -3.0]), np.array([2.0])]), symmetric([np.zeros(2)])
    (3.0, 1.0)
    """
    return max(float(np.abs(array).max()) for array in arrays) or 1.0
