"""Panels: pictures of the plane, up to four a row, all on the same window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue
from chainrule.plot.picture import Picture
from chainrule.plot.style import Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from chainrule.plot.checked_points import Extent

A_ROW = 4


def panels(n_panels: int, extent: Extent, style: Style) -> tuple[Picture, list[Axes]]:
    """Make a picture of empty panels, all on the window ``extent``, (left, right, bottom, top).

    Both axes share one scale unless one side is more than four times the other: such features have different units.
    """
    if not isinstance(style, Style):
        raise InvalidValue(f"style must be a plot.Style, plot.DEFAULT for one, got {style!r}.")
    left, right, bottom, top = extent
    ratio = (top - bottom) / (right - left)
    equal = 1 / 4 <= ratio <= 4
    columns = min(n_panels, A_ROW)
    rows = -(-n_panels // columns)
    tall = min(1.5, ratio) if equal else 0.8
    lost = max(0.0, 1 - tall) * (1.1 + 0.5 * rows)  # titles and labels take as much of a flat panel as of a square one
    picture = Picture(style.panel * columns, style.panel * tall * rows + lost, compress=equal)
    grid = [picture.add_subplot(rows, columns, i + 1) for i in range(n_panels)]
    for i, axes in enumerate(grid):
        axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal" if equal else "auto")
        _label_outer(axes, first=i % columns == 0, lowest=i + columns >= n_panels)
    return picture, grid


def _label_outer(axes: Axes, *, first: bool, lowest: bool) -> None:
    axes.set_xlabel("$x_1$" if lowest else "")
    axes.set_ylabel("$x_2$" if first else "", rotation=0, ha="right", va="center")
    axes.tick_params(labelbottom=lowest, labelleft=first)
