"""Fitted curves: the curve through the points, and what it leaves over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from matplotlib.lines import Line2D

from chainrule.errors import InvalidValue, check_count
from chainrule.maths.arrays import Array
from chainrule.network.inputs import as_array, check_finite
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.scatter import MANY
from chainrule.plot.small_multiples import multiples

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

Predict: TypeAlias = Callable[[Array], "npt.ArrayLike"]
"""A regression function: inputs (n, n_features) to one number each, (n,) or (n, 1)."""

WIDTH, HEIGHT = 3.6, 3.3
CURVE: dict[str, Any] = {"color": "#D55E00", "lw": 2.0, "zorder": 4}
LEVEL: dict[str, Any] = {"color": "black", "lw": 1.0, "ls": (0, (5, 3)), "zorder": 4}


@theme()
def regression_fit(
    x: npt.ArrayLike,
    T: npt.ArrayLike,
    predict: Predict,
    *,
    title: str | None = None,
    resolution: int = 400,
) -> Picture:
    """Draw what is fitted and, beside it, the residuals t − y against the prediction y.

    One feature: the samples and the curve of the prediction. Several: the prediction against the truth, and the
    diagonal where they agree.

    Parameters
    ----------
    x : array_like, shape (n_samples,) or (n_samples, n_features)
    T : array_like, shape (n_samples,) or (n_samples, 1)
    predict : callable
        Inputs (n, n_features) to (n,) or (n, 1). For a network: ``lambda X: net.predict(theta, X)``.
    title : str, optional
        Of the left panel.
    resolution : int
        Points of the curve.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where x and T do not fit together or hold NaN, or predict returns NaN, infinity or another shape.

    Examples
    --------
    >>> picture = regression_fit([0.0, 1.0, 2.0], [0.1, 0.9, 2.1], lambda X: X[:, 0])
    >>> [axes.get_title() for axes in picture.axes]
    ['', 'root mean squared residual 0.1']
    """
    X, t = as_regression(x, T)
    y = _predict(predict, X)
    picture, [left, right] = multiples(2, WIDTH, HEIGHT, at_most=2)
    if X.shape[1] == 1:
        entries = _draw_curve(left, X, t, predict, check_count("resolution", resolution, at_least=2))
    else:
        entries = _draw_agreement(left, t, y)
    _draw_residuals(right, t, y)
    set_title(left, title or "", WIDTH)
    add_legend(picture, entries)
    return picture


def as_regression(x: npt.ArrayLike, T: npt.ArrayLike) -> tuple[Array, Array]:
    """Return the inputs, shape (n_samples, n_features), and the targets, shape (n_samples,), checked.

    >>> [array.shape for array in as_regression([1.0, 2.0], [[3.0], [4.0]])]
    [(2, 1), (2,)]
    """
    X, t = as_array("x", x, np.float64), as_array("T", T, np.float64)
    X = X[:, np.newaxis] if X.ndim == 1 else X
    if X.ndim != 2 or X.size == 0:
        raise InvalidValue(f"x must be (n_samples,) or (n_samples, n_features) and not empty, got shape {X.shape}.")
    if t.ndim == 2 and t.shape[1] > 1:
        raise InvalidValue(f"T has {t.shape[1]} columns: draw one output at a time, T[:, 0] and its prediction.")
    if t.shape not in ((len(X),), (len(X), 1)):
        raise InvalidValue(f"T must have one number for each of the {len(X)} rows of x, got shape {t.shape}.")
    check_finite("x", X)
    check_finite("T", t)
    return X, t.reshape(len(X))


def _predict(predict: Predict, X: Array) -> Array:
    Y = as_array("The output of predict", predict(X.copy()), np.float64)
    if Y.shape not in ((len(X),), (len(X), 1)):
        raise InvalidValue(f"predict must return ({len(X)},) numbers for {len(X)} inputs, got shape {Y.shape}.")
    check_finite("The output of predict", Y)
    return Y.reshape(len(X))


def _dots(n: int) -> dict[str, Any]:
    """Return how n points look: smaller where they are many, and see-through where they cover each other."""
    area = min(25.0, max(5.0, 25.0 * (60 / n) ** 0.5))
    look = {"c": "#0072B2", "edgecolors": "black", "linewidths": 0.08 * area**0.5, "zorder": 3}
    return {"s": area, "alpha": 1.0 if n <= 500 else 0.6, "rasterized": n > MANY, **look}


def _draw_curve(axes: Axes, X: Array, t: Array, predict: Predict, resolution: int) -> list[tuple[str, Line2D]]:
    """Draw the samples and the curve over the range of x, a little beyond where x is one value only."""
    low, high = float(X.min()), float(X.max())
    if low == high:
        low, high = low - max(1.0, 0.1 * abs(low)), high + max(1.0, 0.1 * abs(high))
    line = np.linspace(low, high, resolution)[:, np.newaxis]  # (resolution, 1)
    axes.scatter(X[:, 0], t, **_dots(len(t)))
    axes.plot(line[:, 0], _predict(predict, line), **CURVE)
    axes.set(xlabel="x", ylabel="t, y")
    dot = Line2D([], [], ls="none", marker="o", ms=5, mfc="#0072B2", mec="black", mew=0.6)
    return [("samples t", dot), ("prediction y", Line2D([], [], **CURVE))]


def _draw_agreement(axes: Axes, t: Array, y: Array) -> list[tuple[str, Line2D]]:
    """Draw the prediction against the truth, and the diagonal where they agree."""
    low, high = float(min(t.min(), y.min())), float(max(t.max(), y.max()))
    pad = 0.05 * (high - low) or max(1.0, 0.1 * abs(high))
    window = low - pad, high + pad
    axes.scatter(t, y, **_dots(len(t)))
    axes.plot(window, window, **LEVEL)
    axes.set(xlabel="true t", ylabel="predicted y", xlim=window, ylim=window, aspect="equal")
    dot = Line2D([], [], ls="none", marker="o", ms=5, mfc="#0072B2", mec="black", mew=0.6)
    return [("samples", dot), ("y = t", Line2D([], [], **LEVEL))]


def _draw_residuals(axes: Axes, t: Array, y: Array) -> None:
    """Draw t − y against y, zero in the middle of the window."""
    residuals = t - y
    axes.scatter(y, residuals, **_dots(len(t)))
    axes.axhline(0.0, **LEVEL)
    limit = 1.1 * float(np.abs(residuals).max()) or 1.0
    axes.set(xlabel="predicted y", ylabel="residual t − y", ylim=(-limit, limit))
    axes.locator_params(axis="x", nbins=6)
    if np.ptp(y) == 0:
        axes.set_xlim(y[0] - max(1.0, 0.1 * abs(y[0])), y[0] + max(1.0, 0.1 * abs(y[0])))
    set_title(axes, f"root mean squared residual {np.sqrt(np.mean(residuals**2)):.3g}", WIDTH)
