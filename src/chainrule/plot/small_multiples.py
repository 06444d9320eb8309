"""Small multiples: many panels of one size, row by row, as square a block as they give."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chainrule.plot.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def multiples(n_panels: int, width: float, height: float, *, at_most: int) -> tuple[Picture, list[Axes]]:
    """Make a picture of empty panels, ``width`` × ``height`` inches each and ``at_most`` a row."""
    columns = min(at_most, n_panels if n_panels <= 4 else math.ceil(math.sqrt(n_panels)))
    rows = -(-n_panels // columns)
    picture = Picture(width * columns, height * rows)
    return picture, [picture.add_subplot(rows, columns, i + 1) for i in range(n_panels)]


def outer(axes: Axes) -> tuple[bool, bool]:
    """Return whether a panel is the first of its row, and the lowest of its column."""
    place = axes.get_subplotspec()
    if place is None:
        return True, True
    beneath = place.num2 + place.get_gridspec().ncols
    n_panels = len(axes.get_figure(root=True).axes) if axes.get_figure(root=True) else 0  # type: ignore[union-attr]
    return place.colspan.start == 0, beneath >= n_panels


def set_heading(picture: Picture, title: str | None) -> None:
    """Write a title above all panels, as it is (a $ is a $)."""
    if title:
        picture.suptitle(title, fontsize=10, parse_math=False)
