"""Gradient norms: how strongly each layer is pushed, epoch by epoch, and where the push fades or explodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from chainrule.errors import InvalidValue
from chainrule.plot.curves import LINES, MOST_COLOURED, as_curves, thinned
from chainrule.plot.picture import Picture, add_legend, set_title, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array

HEIGHT = 3.8
A_COLUMN = 16  # names beside the curves; more make the picture higher


@theme()
def gradient_norms(
    history: Mapping[str, Sequence[float] | Array], *, xlabel: str = "epoch", title: str | None = None
) -> Picture:
    """Draw the norm of each layer's gradient over the epochs, on a logarithmic axis; the i-th value stands at i.

    Up to eight layers differ in colour and in dashes; more go from dark, the first, to light, the last. A norm of 0
    has no place on the axis and is marked at its bottom, the end of a curve that became NaN or infinite is marked, too.

    Parameters
    ----------
    history : mapping of layer to norms, shape (n_epochs,) each
        Such as ``{"W1": [0.5, 0.4], "W2": [0.9, 0.7]}``, from the first layer to the last.
    xlabel : str
    title : str, optional

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where there is no layer, one has no norm or is not one-dimensional, or a norm is below 0.

    Examples
    --------
    >>> picture = gradient_norms({"W1": [0.01, 0.001], "W2": [1.0, 0.5]})
    >>> picture.axes[0].get_yscale()
    'log'
    """
    norms = as_norms(history)
    picture = Picture(6.4, max(HEIGHT, HEIGHT * len(norms) / A_COLUMN))
    axes = picture.add_subplot()
    axes.set(xlabel=xlabel, ylabel="norm of the gradient", yscale="log")
    entries = _draw_layers(axes, norms)
    entries += _draw_zeros(axes, norms) + _draw_ends(axes, norms)
    if not any((norm > 0).any() for norm in norms.values()):
        axes.set_ylim(0.1, 10.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    axes.grid(visible=True, color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    set_title(axes, title or "", 5.0)
    add_legend(picture, entries, right=True)
    return picture


def as_norms(history: Mapping[str, Sequence[float] | Array]) -> dict[str, Array]:
    """Return the norms of each layer as an array (n_epochs,), NaN where they are not finite, and none below 0."""
    if not history:
        raise InvalidValue("history is empty: there is nothing to draw.")
    norms = as_curves(history)
    for name, norm in norms.items():
        if (norm < 0).any():
            raise InvalidValue(f"history[{name!r}] holds {norm[norm < 0][0]:g}: a norm is never below 0.")
    return norms


def _draw_layers(axes: Axes, norms: Mapping[str, Array]) -> list[tuple[str, Line2D]]:
    """Draw each layer's norms where they are above 0; return the legend's entries."""
    entries: list[tuple[str, Line2D]] = []
    for k, (name, norm) in enumerate(norms.items()):
        look = {**_look(k, len(norms)), "marker": "o" if len(norm) == 1 else None, "ms": 5}
        places = thinned(norm)
        axes.plot(places, np.where(norm[places] > 0, norm[places], np.nan), **look)
        entries.append((name, Line2D([], [], **look)))
    return entries


def _look(k: int, n_layers: int) -> dict[str, Any]:
    """Return how layer number k looks: its own colour and dashes, or its place between dark and light."""
    if n_layers <= MOST_COLOURED:
        colour, dashes = LINES[k]
        return {"color": colour, "ls": dashes, "lw": 1.6}
    return {"color": colormaps["cividis"](0.92 * k / (n_layers - 1)), "ls": LINES[k % 4][1], "lw": 1.4}


def _draw_zeros(axes: Axes, norms: Mapping[str, Array]) -> list[tuple[str, Line2D]]:
    """Mark at the bottom where a norm is 0, first and last of each stretch; return the legend's entry, or none."""
    zero = [_ends_of_stretches(norm == 0) for norm in norms.values()]
    places = np.unique(np.concatenate(zero))
    look: dict[str, Any] = {"ls": "none", "marker": "v", "ms": 7, "mec": "black", "mew": 0.8, "clip_on": False}
    for k, here in enumerate(zero):
        colour = _look(k, len(norms))["color"]
        axes.plot(here, np.zeros(len(here)), transform=axes.get_xaxis_transform(), zorder=4, mfc=colour, **look)
    return [("0 here", Line2D([], [], mfc="white", **look))] if len(places) else []


def _ends_of_stretches(here: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the first and the last place of each unbroken stretch.

    >>> _ends_of_stretches(np.array([True, True, True, False, True]))
    array([0, 2, 4])
    """
    padded = np.concatenate([[False], here, [False]])
    edges = here & ~(padded[:-2] & padded[2:])
    return np.flatnonzero(edges)


def _draw_ends(axes: Axes, norms: Mapping[str, Array]) -> list[tuple[str, Line2D]]:
    """Mark the last finite norm of a layer that ends in NaN or infinity; return the legend's entry, or none."""
    look: dict[str, Any] = {"ls": "none", "marker": "X", "ms": 8, "mfc": "#D55E00", "mec": "black", "mew": 0.8}
    ended = [norm for norm in norms.values() if np.isnan(norm[-1])]
    for norm in ended:
        finite = np.flatnonzero(norm > 0)
        if len(finite):
            axes.plot(finite[-1], norm[finite[-1]], zorder=5, clip_on=False, **look)
        else:
            axes.plot(0, 1, transform=axes.get_xaxis_transform(), zorder=5, clip_on=False, **look)
    return [("non-finite from here", Line2D([], [], **look))] if ended else []
