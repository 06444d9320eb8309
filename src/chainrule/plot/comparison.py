"""Comparison: several runs of each of several settings, one colour a setting, their medians bold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from chainrule.errors import InvalidValue
from chainrule.network.inputs import as_array
from chainrule.plot.curves import HEIGHT, LINES, draw_ends, draw_threshold, finish, scale, shortened, thinned
from chainrule.plot.picture import Picture, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array

    Curve: TypeAlias = tuple[Array, Array]  # x, ascending, and y, NaN where it is not finite

POINTS = 1000  # of a median
FAR = 100  # times the median value: more than a linear axis can show
LEAP = 1000  # times the first value: what leaps higher leaves the picture
UNEVEN = 10  # where the longest setting takes so many times as long as the shortest, x is logarithmic


@theme()
def compare_curves(
    groups: Mapping[str, Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    title: str | None = None,
    threshold: float | None = None,
) -> Picture:
    """Draw the curves (x, y) of each group thin in the group's colour, and their median bold in its dashes.

    The y axis is logarithmic as in `learning_curves`, and for values of 0, too, where it pays; what leaps above a
    thousand times the first value leaves the picture. The x axis is logarithmic where one group takes more than ten
    times as long as another.
    In a median a curve that ended counts on with its last value, and one that became NaN or infinite counts
    as infinite; between its points a curve is straight.

    Parameters
    ----------
    groups : mapping of name to curves
        Up to eight groups; a curve is a pair of x, ascending, and y, shape (n_points,) each.
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
        Where there is no group or more than eight, a group is empty, or a curve is no such pair.

    Examples
    --------
    >>> slow, fast = ([0, 100, 200], [1.0, 0.5, 0.2]), ([0, 10], [1.0, 0.001])
    >>> picture = compare_curves({"rate 0.1": [slow], "rate 1": [fast]})
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['rate 0.1', 'rate 1']
    """
    curves = _as_groups(groups)
    everything = [curve for group in curves.values() for curve in group]
    picture = Picture(6.4, HEIGHT)
    axes = picture.add_subplot()
    axes.set(xlabel=xlabel, ylabel=ylabel)
    _scale_epochs(axes, list(curves.values()))
    entries = _draw_groups(axes, curves)
    _scale_losses(axes, everything, threshold)
    entries += _draw_leavers(axes, everything)
    entries += draw_ends(axes, everything) + draw_threshold(axes, threshold)
    finish(picture, axes, entries, title)
    return picture


def _as_groups(groups: Mapping[str, Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]]) -> dict[str, list[Curve]]:
    if not 1 <= len(groups) <= len(LINES):
        raise InvalidValue(f"groups must be 1 to {len(LINES)}, more curves cannot be told apart; got {len(groups)}.")
    for name, group in groups.items():
        if not len(group):
            raise InvalidValue(f"groups[{name!r}] has no curve.")
    return {name: [_as_curve(f"groups[{name!r}][{i}]", c) for i, c in enumerate(g)] for name, g in groups.items()}


def _as_curve(name: str, pair: tuple[npt.ArrayLike, npt.ArrayLike]) -> Curve:
    x, y = (as_array(name, values, np.float64) for values in pair)
    if x.ndim != 1 or x.shape != y.shape or not len(x) or (np.diff(x) <= 0).any():
        raise InvalidValue(f"{name} must be (x, y), x ascending, as many of each, got shapes {x.shape} and {y.shape}.")
    return x, np.where(np.isfinite(y), y, np.nan)


def _scale_epochs(axes: Axes, groups: Sequence[Sequence[Curve]]) -> None:
    """Stretch the early epochs where one group would else be a stroke at the left edge of another's picture."""
    ends = [max(x[-1] for x, _ in group) for group in groups]
    if max(ends) > UNEVEN * max(1, min(ends)):
        axes.set_xscale("symlog", linthresh=_decade(max(1, min(ends) / UNEVEN)))
        axes.set_xlim(0, 1.05 * max(ends))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))


def _scale_losses(axes: Axes, curves: Sequence[Curve], threshold: float | None) -> None:
    """Make y logarithmic; where values of 0 forbid it, all but its lowest thousandth, counted from the first value."""
    axes.set_yscale(scale([y for _, y in curves], threshold))
    values = np.concatenate([y[np.isfinite(y)] for _, y in curves])
    first = max((float(y[0]) for _, y in curves if np.isfinite(y[0])), default=0.0)
    if not first > 0:
        return
    if values.min() == 0 and axes.get_yscale() == "linear" and values.max() > FAR * np.median(values):
        axes.set_yscale("symlog", linthresh=_decade(first / LEAP))
        axes.set_ylim(bottom=0)
    if values.max() > LEAP * first:
        axes.set_ylim(top=LEAP * first)


def _draw_leavers(axes: Axes, curves: Sequence[Curve]) -> list[tuple[str, Line2D]]:
    """Mark at the top where a curve leaves the picture; return the legend's entry, or none."""
    top = axes.get_ylim()[1]
    look: dict[str, Any] = {"ls": "none", "marker": "^", "ms": 7, "mfc": "white", "mec": "black", "clip_on": False}
    with np.errstate(invalid="ignore"):
        beyond = [x[np.argmax(y > top)] for x, y in curves if (np.isfinite(y) & (y > top)).any()]
    for x in beyond:
        axes.plot(x, 1.0, transform=axes.get_xaxis_transform(), zorder=5, **look)
    return [("leaves the picture", Line2D([], [], **look))] if beyond else []


def _decade(value: float) -> float:
    """Return the power of ten at or below a value: the first tick of a logarithm keeps clear of the 0 before it."""
    return float(10.0 ** math.floor(math.log10(value)))


def _draw_groups(axes: Axes, groups: Mapping[str, Sequence[Curve]]) -> list[tuple[str, Line2D]]:
    """Draw each group thin and its median bold; return the legend's entries, one a group."""
    entries: list[tuple[str, Line2D]] = []
    for (name, group), (colour, dashes) in zip(groups.items(), LINES, strict=False):
        if len(group) > 1:
            for curve in group:
                _draw(axes, curve, color=colour, lw=0.6, alpha=0.4)
        look: dict[str, Any] = {"color": colour, "ls": dashes, "lw": 2.0}
        _draw(axes, median(group), **look, zorder=3)
        entries.append((shortened(name), Line2D([], [], **look)))
    return entries


def _draw(axes: Axes, curve: Curve, **look: Any) -> None:
    x, y = curve
    places = thinned(y)
    axes.plot(x[places], y[places], marker="o" if len(x) == 1 else None, **look)


def median(curves: Sequence[Curve]) -> Curve:
    """Return the median curve; an ended one keeps its last value, a non-finite one counts as infinite.

    >>> x = np.array([0.0, 2.0])
    >>> median([(x, np.array([4.0, 2.0])), (x, np.array([3.0, 1.0])), (x / 2, np.array([9.0, 8.0]))])
    (array([0., 1., 2.]), array([4., 3., 2.]))
    """
    x = np.unique(np.concatenate([x for x, _ in curves]))
    if len(x) > POINTS:
        x = x[np.unique(np.linspace(0, len(x) - 1, POINTS).astype(int))]
    with np.errstate(invalid="ignore"):  # halfway between two infinite ones is nowhere
        middle = np.median([_at(x, curve) for curve in curves], axis=0)
    return x, np.where(np.isfinite(middle), middle, np.nan)


def _at(places: Array, curve: Curve) -> Array:
    """Return a curve's values at other places, infinite from where it stops being finite."""
    x, y = curve
    finite = np.isfinite(y)
    if not finite.any():
        return np.full(len(places), np.inf)
    values = np.interp(places, x[finite], y[finite])
    return np.where(places > x[finite][-1], np.inf, values) if np.isnan(y[-1]) else values
