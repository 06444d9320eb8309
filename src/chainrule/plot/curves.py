"""Learning curves: what a run did, epoch by epoch, or what twenty runs did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from chainrule.errors import InvalidValue, check_number
from chainrule.network.inputs import as_array
from chainrule.plot.picture import Picture, add_legend, set_title, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array

BINS = 1000  # of a long curve; each keeps its lowest and its highest value
MOST_COLOURED = 8  # more curves than that are a crowd: one colour, and their median
HEIGHT = 3.8  # inches, without a legend below
BESIDE = 24  # letters of a name that leave room for the legend beside the curves
NAMED = 60  # letters of a name that a legend shows
LINES: tuple[tuple[str, Any], ...] = (
    ("#0072B2", "-"),
    ("#D55E00", (0, (6, 2))),
    ("#000000", (0, (1.2, 1.4))),
    ("#009E73", (0, (7, 2, 1.2, 2))),
    ("#CC79A7", (0, (3, 1.5))),
    ("#E69F00", (0, (7, 2, 1.2, 2, 1.2, 2))),
    ("#56B4E9", (0, (10, 3))),
    ("#7F7F7F", (0, (4, 1, 1, 1, 1, 1, 1, 1))),
)


@theme()
def learning_curves(
    curves: Mapping[str, Sequence[float] | Array],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    title: str | None = None,
    threshold: float | None = None,
) -> Picture:
    """Draw curves over each other; the i-th value stands at i.

    The y axis is logarithmic where all values are positive and the largest is more than 100 times the smallest.
    Up to eight curves differ in colour and in dashes. More are drawn thin, with their median in bold: there a curve
    that ended counts on with its last value, and one that became NaN or infinite counts as infinite.
    A long curve is thinned to the lowest and highest value of each of 1000 stretches, so that no spike is lost.

    Parameters
    ----------
    curves : mapping of name to values, shape (n_epochs,) each
        The names are what the legend shows.
    xlabel, ylabel : str
    title : str, optional
    threshold : float, optional
        A level to mark, such as the loss at which training stops.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where there is no curve, or one of them has no value or is not one-dimensional.

    Examples
    --------
    >>> picture = learning_curves({"rate 0.1": [1.0, 0.5, 0.2], "rate 1": [1.0, 0.1, 0.001]}, threshold=0.01)
    >>> picture.axes[0].get_yscale()
    'log'
    """
    values = as_curves(curves)
    picture = Picture(6.4, HEIGHT)
    axes = picture.add_subplot()
    ys = list(values.values())
    axes.set(xlabel=xlabel, ylabel=ylabel, yscale=scale(ys, threshold))
    entries = _draw_each(axes, values) if len(ys) <= MOST_COLOURED else _draw_crowd(axes, ys)
    entries += draw_ends(axes, [(np.arange(len(y)), y) for y in ys]) + draw_threshold(axes, threshold)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    finish(picture, axes, entries, title)
    return picture


def finish(picture: Picture, axes: Axes, entries: Sequence[tuple[str, Line2D]], title: str | None) -> None:
    """Lay a grid behind the curves, and set the title and the legend, beside them where its names are short."""
    axes.grid(visible=True, color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    set_title(axes, title or "", 5.0)
    right = max(len(label) for label, _ in entries) <= BESIDE
    if not right:
        picture.set_figheight(HEIGHT + 0.17 * len(entries))
    add_legend(picture, entries, right=right)


def as_curves(curves: Mapping[str, Sequence[float] | Array]) -> dict[str, Array]:
    """Return each curve as an array (n_epochs,) with NaN for everything that is not finite."""
    if not isinstance(curves, Mapping):
        what = type(curves).__name__
        raise InvalidValue(f"curves must map names to values, as run.history or {{'loss': values}} do, got {what}.")
    if not curves:
        raise InvalidValue("curves is empty: there is nothing to draw.")
    return {str(name): _as_curve(f"curves[{name!r}]", values) for name, values in curves.items()}


def _as_curve(name: str, values: npt.ArrayLike) -> Array:
    curve = as_array(name, values, np.float64)
    if curve.ndim != 1 or not len(curve):
        raise InvalidValue(f"{name} must be one value an epoch, at least one, got shape {curve.shape}.")
    return np.where(np.isfinite(curve), curve, np.nan)


def scale(curves: Sequence[Array], threshold: float | None) -> str:
    """Return "log" for positive values over more than two decades, else "linear"."""
    threshold = None if threshold is None else check_number("threshold", threshold)
    values = np.concatenate(curves)
    values = values[np.isfinite(values)]
    if not len(values) or values.min() <= 0 or (threshold is not None and threshold <= 0):
        return "linear"
    return "log" if values.max() / 100 > values.min() else "linear"


def thinned(curve: Array) -> npt.NDArray[np.intp]:
    """Return the places of a curve that have to be drawn: all, or the extremes of each of 1000 stretches.

    >>> spike = np.zeros(60_000)
    >>> spike[12_345] = 1.0
    >>> len(thinned(spike)) <= 3002, 12_345 in thinned(spike)
    (True, True)
    """
    places = np.arange(len(curve))
    if len(curve) <= 2 * BINS:
        return places
    kept = [places[[0, -1]]]
    for stretch in np.array_split(places, BINS):
        finite = np.isfinite(curve[stretch])
        kept.append(stretch[~finite][:1])  # a gap stays a gap
        if finite.any():
            inside = stretch[finite]
            kept.append(inside[[curve[inside].argmin(), curve[inside].argmax()]])
    return np.unique(np.concatenate(kept))


def _draw(axes: Axes, curve: Array, **look: Any) -> None:
    places = thinned(curve)
    axes.plot(places, curve[places], **look)


def _draw_each(axes: Axes, curves: Mapping[str, Array]) -> list[tuple[str, Line2D]]:
    """Draw each curve in its own colour and dashes; return the legend's entries."""
    entries: list[tuple[str, Line2D]] = []
    for (name, curve), (colour, dashes) in zip(curves.items(), LINES, strict=False):
        look: dict[str, Any] = {"color": colour, "ls": dashes, "lw": 1.4, "marker": "o" if len(curve) == 1 else None}
        _draw(axes, curve, **look)
        entries.append((shortened(name), Line2D([], [], **look)))
    return entries


def shortened(name: str) -> str:
    """Cut a name that no legend has room for."""
    return name if len(name) <= NAMED else name[: NAMED - 1] + "…"


def _draw_crowd(axes: Axes, curves: Sequence[Array]) -> list[tuple[str, Line2D]]:
    """Draw all curves thin and their median bold; return the legend's entries."""
    thin: dict[str, Any] = {"color": "#0072B2", "lw": 0.7, "alpha": 0.45}
    bold: dict[str, Any] = {"color": "black", "lw": 2.0}
    for curve in curves:
        _draw(axes, curve, **thin)
    _draw(axes, median(curves), **bold)
    return [(f"{len(curves)} curves", Line2D([], [], **thin)), ("their median", Line2D([], [], **bold))]


def median(curves: Sequence[Array]) -> Array:
    """Return the median at each epoch; an ended curve keeps its last value, a non-finite one counts as infinite.

    >>> median([np.array([3.0, 1.0]), np.array([4.0, 2.0, 1.5]), np.array([9.0, np.nan])])
    array([4. , 2. , 1.5])
    """
    longest = max(map(len, curves))
    table = np.array([np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in curves])
    with np.errstate(invalid="ignore"):  # halfway between two infinite ones is nowhere
        middle = np.median(np.where(np.isnan(table), np.inf, table), axis=0)
    return np.where(np.isfinite(middle), middle, np.nan)


def draw_ends(axes: Axes, curves: Sequence[tuple[npt.NDArray[Any], Array]]) -> list[tuple[str, Line2D]]:
    """Mark where a curve (x, y) stops being finite, at its last finite value; return the legend's entry, or none."""
    look: dict[str, Any] = {
        "ls": "none",
        "marker": "X",
        "ms": 8,
        "mfc": "#D55E00",
        "mec": "black",
        "mew": 0.8,
        "clip_on": False,
    }
    ended = [(x, y) for x, y in curves if np.isnan(y[-1])]
    for x, y in ended:
        finite = np.flatnonzero(np.isfinite(y))
        if len(finite):
            axes.plot(x[finite[-1]], y[finite[-1]], zorder=4, **look)
        else:
            axes.plot(x[0], 0, transform=axes.get_xaxis_transform(), zorder=4, **look)
    return [("non-finite here", Line2D([], [], **look))] if ended else []


def draw_threshold(axes: Axes, threshold: float | None) -> list[tuple[str, Line2D]]:
    """Draw a level, if there is one; return the legend's entry, or none."""
    if threshold is None:
        return []
    look: dict[str, Any] = {"color": "0.35", "ls": (0, (1, 3)), "lw": 1.2}
    level = check_number("threshold", threshold)
    axes.axhline(level, **look)
    return [(f"threshold {level:g}", Line2D([], [], **look))]
