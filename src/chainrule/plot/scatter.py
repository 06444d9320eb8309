"""Points: samples in the plane, a colour and a shape a class, alone or as truth beside prediction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from chainrule.errors import InvalidValue
from chainrule.plot.checked_points import (
    CheckedPoints,
    as_extent,
    as_labels,
    as_points,
    class_name,
    number_both,
    number_classes,
)
from chainrule.plot.panels import panels
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.style import DEFAULT, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array

MANY = 10_000  # more points than that are one image inside an SVG


@theme()
def scatter(
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    classes: Sequence[object] | None = None,
    title: str | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
) -> Picture:
    """Draw the samples alone, each class in its own colour and shape.

    Parameters
    ----------
    X : array_like, shape (n_samples, 2)
    T : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
        Class labels: any numbers, or strings.
    classes : sequence, optional
        The labels in the order of the style's colours. Without it: 0 and 1, −1 and +1, whole numbers from 0 on, or
        else the labels that occur, in ascending order.
    title : str, optional
    style : Style
    extent : (left, right, bottom, top), optional
        The window; without it the data and a margin.

    Raises
    ------
    InvalidValue
        Where X has not two columns, X and T do not fit together, or a label is none of the classes.

    Examples
    --------
    >>> picture = scatter([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]], [0, 0, 1], title="Three points")
    >>> [len(points.get_offsets()) for points in picture.axes[0].collections]
    [2, 1]
    """
    points = as_points(X)
    samples = CheckedPoints(points, *number_classes(as_labels("T", T, len(points)), classes))
    picture, [axes] = panels(1, as_extent(extent, points), style)
    draw_points(axes, samples, style)
    set_title(axes, title or "", style.panel)
    add_legend(picture, class_entries(samples, style))
    return picture


@theme()
def truth_and_prediction(
    X: npt.ArrayLike,
    truth: npt.ArrayLike,
    predicted: npt.ArrayLike,
    *,
    classes: Sequence[object] | None = None,
    titles: tuple[str, str] = ("Ground truth", "Predict result"),
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
) -> Picture:
    """Draw the samples by their true class and, beside it, by the predicted one, wrong ones ringed.

    Parameters
    ----------
    X : array_like, shape (n_samples, 2)
    truth, predicted : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
        Class labels, not raw outputs.
    classes, style, extent
        As for `scatter`.
    titles : (str, str)

    Raises
    ------
    InvalidValue
        As for `scatter`, and where raw outputs are handed in as predictions.

    Examples
    --------
    >>> X = [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    >>> picture = truth_and_prediction(X, [0, 0, 1], [0, 1, 1])
    >>> [axes.get_title() for axes in picture.axes]
    ['Ground truth', 'Predict result']
    """
    if isinstance(titles, str) or len(titles) != 2:
        raise InvalidValue(f"titles must be a pair, of the truth and of the prediction, got {titles!r}.")
    points = as_points(X)
    *both, classes = number_both(truth, predicted, len(points), classes)
    picture, pair = panels(2, as_extent(extent, points), style)
    for axes, title, numbers in zip(pair, titles, both, strict=True):
        draw_points(axes, CheckedPoints(points, numbers, classes), style)
        set_title(axes, title, style.panel)
    rings = _draw_rings(pair[1], points, both[0] != both[1])
    add_legend(picture, class_entries(CheckedPoints(points, np.concatenate(both), classes), style) + rings)
    return picture


def draw_points(axes: Axes, samples: CheckedPoints, style: Style) -> None:
    """Draw the points of each class that occurs, above whatever else is there, smaller where they are many."""
    n = len(samples.points)
    for k in np.unique(samples.numbers).tolist():
        axes.scatter(
            samples.points[samples.numbers == k, 0],
            samples.points[samples.numbers == k, 1],
            s=_area(n),
            c=style.colour(k),
            marker=style.marker(k),
            edgecolors=style.edge_colour,
            linewidths=0.1 * math.sqrt(_area(n)),
            rasterized=n > MANY,
            zorder=3,
        )


def _draw_rings(axes: Axes, points: Array, wrong: npt.NDArray[np.bool_]) -> list[tuple[str, Line2D]]:
    """Ring the wrong points; return the legend's entry for it, or none."""
    if not wrong.any():
        return []
    n = len(points)
    x1, x2 = points[wrong].T
    width = 0.18 * math.sqrt(_area(n))
    axes.scatter(x1, x2, s=3.2 * _area(n), facecolors="none", edgecolors="black", linewidths=width, zorder=4)
    ring = Line2D([], [], ls="none", marker="o", ms=10, mfc="none", mec="black", mew=1.1)
    return [(f"wrongly predicted: {wrong.sum()} of {n}", ring)]


def class_entries(samples: CheckedPoints, style: Style) -> list[tuple[str, Line2D]]:
    """Return the legend's entries of the classes that occur."""
    look: dict[str, Any] = {"ls": "none", "ms": 6, "mec": style.edge_colour, "mew": 0.6}
    return [
        (class_name(samples.classes[k]), Line2D([], [], marker=style.marker(k), mfc=style.colour(k), **look))
        for k in np.unique(samples.numbers).tolist()
    ]


def _area(n: int) -> float:
    """Return the area of a marker in square points: that of matplotlib for up to 40 points, less for more."""
    return min(36.0, max(5.0, 36.0 * math.sqrt(40 / n)))
