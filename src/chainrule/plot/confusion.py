"""Confusion: which samples a classifier gets right, in the plane, and which class it takes for which, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from chainrule.errors import InvalidValue
from chainrule.plot.checked_points import CheckedPoints, as_extent, as_points, class_name, number_both
from chainrule.plot.colour_maps import GREYS
from chainrule.plot.panels import panels
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.scatter import MANY, class_entries, draw_points
from chainrule.plot.style import DEFAULT, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

CELL = 0.72  # inches of a cell of the matrix
LETTER = 0.09  # inches of a letter of a class's name
LEVEL = 8  # letters of a name that stand level below a column; longer ones are turned
MOST = 40  # classes in a matrix that can still be read
DARK = 0.7  # share of a row from which white letters stand out better than black ones


CROSSED = 40  # wrong points that are crossed out; of more, the crosses would cover each other


@theme()
def right_and_wrong(
    X: npt.ArrayLike,
    truth: npt.ArrayLike,
    predicted: npt.ArrayLike,
    *,
    classes: Sequence[object] | None = None,
    title: str | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
) -> Picture:
    """Draw the samples by their true class, the rightly predicted filled, the wrong ones hollow.

    Up to 40 wrong ones are crossed out as well; more crosses than that would bury the points.

    The legend says of each class how many are right, and how many are wrong in all.

    Parameters
    ----------
    X : array_like, shape (n_samples, 2)
    truth, predicted : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
        Class labels, not raw outputs.
    classes, title, style, extent
        As for `scatter`.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        As for `truth_and_prediction`.

    Examples
    --------
    >>> picture = right_and_wrong([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]], [0, 0, 1], [0, 1, 1])
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['class 0: 1 of 2 right', 'class 1: 1 of 1 right', 'wrong: 1 of 3']
    """
    points = as_points(X)
    true, read, classes = number_both(truth, predicted, len(points), classes)
    samples, wrong = CheckedPoints(points, true, classes), true != read
    picture, [axes] = panels(1, as_extent(extent, points), style)
    draw_points(axes, samples, style)
    _draw_wrong(axes, samples, wrong, style)
    set_title(axes, title or "", style.panel)
    add_legend(picture, _counted(samples, wrong, style))
    return picture


def _draw_wrong(axes: Axes, samples: CheckedPoints, wrong: npt.NDArray[np.bool_], style: Style) -> None:
    """Cover the wrong points with hollow ones, somewhat larger, and cross them out where they are few."""
    drawn = axes.collections[0]
    area = max(16.0, 1.3 * float(drawn.get_sizes()[0]))  # type: ignore[attr-defined]  # it is a scatter
    width, rasterized = 0.2 * area**0.5, len(wrong) > MANY
    for k in np.unique(samples.numbers[wrong]).tolist():
        x1, x2 = samples.points[wrong & (samples.numbers == k)].T
        look: dict[str, Any] = {"s": area, "marker": style.marker(k), "rasterized": rasterized, "zorder": 4}
        axes.scatter(x1, x2, facecolors="white", edgecolors="black", linewidths=1.6 * width, **look)
        axes.scatter(x1, x2, facecolors="none", edgecolors=style.colour(k), linewidths=width, **look)
    if 0 < wrong.sum() <= CROSSED:
        x1, x2 = samples.points[wrong].T
        axes.scatter(x1, x2, s=1.2 * area, marker="x", c="black", linewidths=width, rasterized=rasterized, zorder=5)


def _counted(samples: CheckedPoints, wrong: npt.NDArray[np.bool_], style: Style) -> list[tuple[str, Line2D]]:
    """Return the legend's entries: each class that occurs and how many are right, and how many are wrong in all."""
    entries = class_entries(samples, style)
    counted: list[tuple[str, Line2D]] = []
    for k, (name, handle) in zip(np.unique(samples.numbers).tolist(), entries, strict=True):
        here = samples.numbers == k
        counted.append((f"{name}: {(here & ~wrong).sum()} of {here.sum()} right", handle))
    look: dict[str, Any] = {"marker": "x", "mec": "black"} if wrong.sum() <= CROSSED else {"marker": "o", "mec": "0.35"}
    handle = Line2D([], [], ls="none", ms=8, mfc="white", mew=1.4, **look)
    return [*counted, (f"wrong: {wrong.sum()} of {len(wrong)}", handle)]


@theme()
def confusion_matrix(
    truth: npt.ArrayLike,
    predicted: npt.ArrayLike,
    *,
    classes: Sequence[object] | None = None,
    title: str | None = None,
) -> Picture:
    r"""Draw how many samples of each class (a row) are predicted to be of which (a column), with the share of the row.

    A row is the darker the larger the share; the diagonal is what is right. A class without samples has no shares.

    Parameters
    ----------
    truth, predicted : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
        Class labels, not raw outputs.
    classes : sequence, optional
        The labels in the order of the rows; found as in `scatter` without it.
    title : str, optional

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where the two do not fit together, a label is none of the classes, or there are more than 40 of them.

    Examples
    --------
    >>> picture = confusion_matrix(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['1\n50 %', '1\n50 %', '0', '1\n100 %']
    """
    counts, names = _counts(truth, predicted, classes)
    n = len(names)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)  # (n_classes, n_classes), rows sum to one, or to zero
    letters = max(map(len, names))
    turned = letters > LEVEL
    picture = Picture(CELL * n + 1.5 + LETTER * letters, CELL * n + 1.0 + LETTER * letters * turned)
    axes = picture.add_subplot()
    axes.imshow(shares, cmap=GREYS, vmin=0.0, vmax=1.0)
    places = range(n)
    axes.set_xticks(places, names, rotation=90 if turned else 0, parse_math=False)
    rows = [f"{name} ({total})" for name, total in zip(names, totals[:, 0], strict=True)]
    axes.set_yticks(places, rows, parse_math=False)
    axes.set(xlabel="predicted", ylabel="true (samples)")
    _draw_cells(axes, counts, shares)
    set_title(axes, title or "", picture.get_figwidth())
    return picture


def _counts(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, classes: Sequence[object] | None
) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return how often each class (a row) is predicted as each (a column), and what the classes are called."""
    n, m = (len(np.atleast_1d(np.asarray(labels))) for labels in (truth, predicted))
    if n != m:
        raise InvalidValue(f"truth has {n} labels and predicted has {m}: each sample needs one of each.")
    if not n:
        raise InvalidValue("truth has no labels: there is nothing to draw.")
    true, read, classes = number_both(truth, predicted, n, classes)
    if len(classes) > MOST:
        raise InvalidValue(f"A matrix of {len(classes)} classes cannot be read; {MOST} are the most that are drawn.")
    counts = np.zeros((len(classes), len(classes)), dtype=np.intp)
    np.add.at(counts, (true, read), 1)
    return counts, [class_name(label).removeprefix("class ") for label in classes]


def _draw_cells(axes: Axes, counts: npt.NDArray[np.intp], shares: npt.NDArray[np.float64]) -> None:
    """Write the count and the share into each cell, and draw white lines between the cells."""
    for (row, column), count in np.ndenumerate(counts):
        share = shares[row, column]
        text = f"{count}\n{100 * share:.3g} %" if count else "0"
        colour = "white" if share > DARK else "black" if count else "0.45"
        weight = "bold" if row == column else "normal"
        axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour, fontweight=weight)
    edges = np.arange(1, len(counts)) - 0.5
    axes.vlines(edges, -0.5, len(counts) - 0.5, colors="0.8", linewidths=0.8)
    axes.hlines(edges, -0.5, len(counts) - 0.5, colors="0.8", linewidths=0.8)
    axes.tick_params(length=0)
