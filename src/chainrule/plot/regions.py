"""Decision regions: the plane, coloured by what a network would say there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.ndimage import binary_dilation

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.maths.arrays import Array
from chainrule.network.inputs import as_array
from chainrule.plot.checked_points import CheckedPoints, as_extent, as_labels, as_points, number_classes
from chainrule.plot.panels import panels
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.scatter import class_entries, draw_points
from chainrule.plot.style import DEFAULT, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.plot.checked_points import Extent

Decide: TypeAlias = Callable[[Array], "npt.ArrayLike"]
"""A decision function: points (n, 2) to outputs (n,), (n, 1) or (n, n_classes)."""

HUGE = 1e300  # outputs beyond, and infinite ones, count as this: differences stay finite
AT_ONCE = 10_000  # points a call: a wide network's trace stays small
FINEST = 2000


def decision_regions(
    decide: Decide,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    boundary: float | None = None,
    classes: Sequence[object] | None = None,
    title: str | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
    resolution: int = 200,
) -> Picture:
    """Draw where each class is predicted, the line between, and the samples above it.

    One output: the second class is where it is > ``boundary``, and a dashed line is drawn there.
    Several outputs: the class of the largest; solid lines between the regions.

    Parameters
    ----------
    decide : callable
        Points (n, 2) to outputs (n,), (n, 1) or (n, n_classes). For a network: ``lambda P: net.predict(theta, P)``.
    X : array_like, shape (n_samples, 2)
    T : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
    boundary : float, optional
        Without it: 0.5 for the classes 0 and 1, 0 for −1 and +1.
    classes : sequence, optional
        The labels in the order of the outputs and of the style's colours; found as in `scatter` without it.
    title : str, optional
    style : Style
    extent : (left, right, bottom, top), optional
        The window; without it the data and a margin.
    resolution : int
        Grid points per axis: decide sees ``np.linspace(left, right, resolution)`` and so for the other axis.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        As for `scatter`, and where decide returns NaN or another shape.

    Examples
    --------
    >>> X, T = [[-1.0, 0.0], [1.0, 2.0]], [-1, 1]
    >>> picture = decision_regions(lambda P: P[:, 0] + P[:, 1], X, T, extent=(-4, 4, -4, 4), title="x1 + x2 = 0")
    >>> picture.axes[0].get_title()
    'x1 + x2 = 0'
    """
    return decision_snapshots(
        [(title or "", decide)],
        X,
        T,
        boundary=boundary,
        classes=classes,
        style=style,
        extent=extent,
        resolution=resolution,
    )


@theme()
def decision_snapshots(
    snapshots: Sequence[tuple[str, Decide]],
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    boundary: float | None = None,
    classes: Sequence[object] | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
    resolution: int = 200,
) -> Picture:
    """Draw several decision functions on the same window, in the order given, four a row.

    Parameters
    ----------
    snapshots : sequence of (title, decide)
        A decide that is called later must hold its own copy of theta, the one of its moment.
    X, T, boundary, classes, style, extent, resolution
        As for `decision_regions`.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        As for `decision_regions`, and where there are no snapshots or their numbers of outputs differ.

    Examples
    --------
    >>> X, T = [[-1.0, 0.0], [1.0, 2.0]], [0, 1]
    >>> picture = decision_snapshots([(f"w = {w}", lambda P, w=w: P[:, 0] * w) for w in (1, 2)], X, T)
    >>> [axes.get_title() for axes in picture.axes]
    ['w = 1', 'w = 2']
    """
    points = as_points(X)
    labels = as_labels("T", T, len(points))
    window = as_extent(extent, points)
    grid = _grid(window, as_resolution(resolution))
    outputs = _outputs(as_decides(snapshots), grid)
    n_outputs = outputs[0].shape[-1]
    samples = CheckedPoints(points, *number_classes(labels, classes, max(2, n_outputs)))
    level = as_boundary(boundary, samples.classes) if n_outputs == 1 else _no_boundary(boundary, n_outputs)
    picture, axes = panels(len(snapshots), window, style)
    for panel, (title, _), Y in zip(axes, snapshots, outputs, strict=True):
        _draw_regions(panel, window, _splits(Y, level), style, "dashed" if n_outputs == 1 else "solid")
        draw_points(panel, samples, style)
        set_title(panel, title, style.panel)
    add_legend(picture, class_entries(samples, style))
    return picture


def as_boundary(boundary: float | None, classes: Sequence[object]) -> float:
    """Return the level at which one output changes class: halfway between 0 and 1 or −1 and +1 unless given."""
    if boundary is not None:
        return check_number("boundary", boundary)
    halfway: dict[tuple[object, ...], float] = {(0, 1): 0.5, (-1, 1): 0.0}
    if (pair := tuple(classes)) not in halfway:
        raise InvalidValue(f"One output and the classes {pair}: say where it changes class, boundary=….")
    return halfway[pair]


def _no_boundary(boundary: float | None, n_outputs: int) -> float:
    if boundary is not None:
        raise InvalidValue(f"Cannot use boundary={boundary!r} with {n_outputs} outputs: the largest of them decides.")
    return 0.0


def as_resolution(resolution: int) -> int:
    """Return the grid points per axis, at most 2000: more of them no picture can show."""
    if check_count("resolution", resolution, at_least=2) > FINEST:
        raise InvalidValue(f"resolution must be at most {FINEST} grid points per axis, got {resolution}.")
    return int(resolution)


def as_decides(snapshots: Sequence[tuple[object, Decide]]) -> list[Decide]:
    """Return the functions of snapshots, or say that one is no pair or none of points."""
    decides = []
    for pair in snapshots:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InvalidValue(f"Each snapshot must be a pair (title, decide), got {type(pair).__name__}.")
        if not callable(pair[1]):
            raise InvalidValue(
                f"decide must be a function of points, got {type(pair[1]).__name__}. "
                "Of a network: lambda X: net.predict(theta, X)."
            )
        decides.append(pair[1])
    return decides


def _grid(window: Extent, resolution: int) -> Array:
    """Return the points of the grid, shape (resolution², 2), x₁ running fastest."""
    left, right, bottom, top = window
    x1, x2 = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    return np.column_stack([x1.ravel(), x2.ravel()])


def _outputs(decides: Sequence[Decide], points: Array) -> list[Array]:
    """Return the outputs of each decide on the grid, shape (resolution, resolution, n_outputs) each."""
    if not decides:
        raise InvalidValue("snapshots is empty: there is nothing to draw.")
    side = round(len(points) ** 0.5)
    outputs = [_evaluate(decide, points).reshape(side, side, -1) for decide in decides]
    counts = {Y.shape[-1] for Y in outputs}
    if len(counts) > 1:
        raise InvalidValue(f"Snapshots must have the same number of outputs, got {sorted(counts)}.")
    return outputs


def _evaluate(decide: Decide, points: Array) -> Array:
    """Return decide(points), shape (n, n_outputs), free of NaN and of infinities."""
    chunks = [points[i : i + AT_ONCE].copy() for i in range(0, len(points), AT_ONCE)]
    Y = np.concatenate([_evaluate_chunk(decide, chunk) for chunk in chunks])
    if np.isnan(Y).any():
        x1, x2 = points[np.isnan(Y).any(axis=1)][0]
        raise InvalidValue(f"decide returned NaN at ({x1:g}, {x2:g}): no class can be read from it. Is theta finite?")
    finite: Array = np.clip(Y, -HUGE, HUGE)
    return finite


def _evaluate_chunk(decide: Decide, points: Array) -> Array:
    n = len(points)
    Y = as_array("The output of decide", decide(points), np.float64)
    if Y.ndim not in (1, 2) or len(Y) != n or Y.size == 0:
        raise InvalidValue(
            f"decide must return ({n},) or ({n}, n_classes) outputs for {n} points, got shape {Y.shape}."
        )
    return Y.reshape(n, -1)


def _splits(Y: Array, boundary: float) -> list[Array]:
    """Return for k = 1, 2, … a field that is > 0 exactly where the class number is k or more.

    Painted over each other in this order they leave no gap where three regions meet.
    """
    if Y.shape[-1] == 1:
        fields = [Y[..., 0] - boundary]
    else:
        fields = [Y[..., k:].max(axis=-1) - Y[..., :k].max(axis=-1) for k in range(1, Y.shape[-1])]
    return [field / (np.abs(field).max() or 1.0) for field in fields]


def _draw_regions(axes: Axes, window: Extent, fields: Sequence[Array], style: Style, line: str) -> None:
    """Fill the region of each class over that of the classes before, then draw the lines between."""
    left, right, bottom, top = window
    side = len(fields[0])
    x1, x2 = np.linspace(left, right, side), np.linspace(bottom, top, side)
    for k, field in enumerate(fields, start=1):
        both = [k - 1, k] if k == 1 else [k]  # the first field paints what is below it, too
        levels = [-np.inf, 0.0, np.inf] if k == 1 else [0.0, np.inf]
        colours, hatches = [style.region(i) for i in both], [style.hatch(i) for i in both]
        axes.contourf(x1, x2, field, levels=levels, colors=colours, hatches=hatches, zorder=1)
    numbers = np.sum([field > 0 for field in fields], axis=0)
    for k, field in enumerate(fields, start=1):
        around = binary_dilation(numbers == k, structure=np.ones((3, 3)))  # so that each line is drawn once
        if (field[around] > 0).any() and (field[around] <= 0).any():
            edge = np.where(around, field, np.nan)
            axes.contour(x1, x2, edge, levels=[0.0], colors=style.boundary_colour, linestyles=line, zorder=2)
