"""Units: what each hidden unit answers to every point of the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue, check_count
from chainrule.network.network import check_network
from chainrule.plot.checked_points import CheckedPoints, as_extent, as_labels, as_points, number_classes
from chainrule.plot.colour_maps import LIGHT_GREYS
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.regions import as_resolution
from chainrule.plot.scatter import MANY, class_entries
from chainrule.plot.small_multiples import multiples, outer, set_heading
from chainrule.plot.style import DEFAULT, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.plot.checked_points import Extent

MOST = 64  # units in one picture
A_ROW = 8


@theme()
def hidden_units(
    net: Network,
    theta: npt.ArrayLike,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    layer: int = 0,
    classes: Sequence[object] | None = None,
    title: str | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
    resolution: int = 100,
) -> Picture:
    """Draw the activation of each unit of a layer over the plane, all in the same greys, and the samples above.

    The darker, the larger; the dashed line is where the pre-activation z is 0. Of more than 64 units the first 64
    are drawn, and the title says so.

    Parameters
    ----------
    net : Network
        Of two features.
    theta : array_like, shape (n_parameters,)
    X : array_like, shape (n_samples, 2)
    T : array_like, shape (n_samples,), (n_samples, 1) or one-hot (n_samples, n_classes)
    layer : int
        Counted from 0, the first hidden layer; the last is the output.
    classes, title, style, extent
        As for `scatter`.
    resolution : int
        Grid points per axis.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        As for `scatter`, where the network has not two features or no such layer, and where a unit answers NaN.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(3, "tanh"), Dense(1)], n_features=2)
    >>> picture = hidden_units(net, net.initial_theta(0), [[0.0, 0.0], [1.0, 1.0]], [0, 1])
    >>> [axes.get_title() for axes in picture.axes[:3]]
    ['unit 1', 'unit 2', 'unit 3']
    """
    check_network(net, "net, theta, X, T")
    check_layer(net, layer)
    points = as_points(X)
    samples = CheckedPoints(points, *number_classes(as_labels("T", T, len(points)), classes))
    window = as_extent(extent, points)
    Z, A = _responses(net, theta, layer, window, as_resolution(resolution))
    n_units = net.layers[layer].n_outputs
    picture, panels = multiples(min(n_units, MOST), *_size(n_units, window), at_most=A_ROW)
    scale = {"vmin": float(A.min()), "vmax": float(A.max()) if np.ptp(A) > 0 else float(A.min()) + 1.0}
    for k, axes in enumerate(panels):
        _draw_unit(axes, Z[..., k], A[..., k], window, scale)
        _draw_samples(axes, samples, style)
        _label(axes, k)
    picture.colorbar(panels[0].images[0], ax=panels, aspect=30, shrink=0.9, label=f"activation of layer {layer + 1}")
    shown = "" if n_units <= MOST else f"the first {MOST} of {n_units} units"
    set_heading(picture, ", ".join(filter(None, [title, shown])))
    add_legend(picture, class_entries(samples, style))
    return picture


def check_layer(net: Network, layer: int) -> None:
    """Refuse a network that is not of the plane, and a layer that it has not."""
    if net.n_features != 2:
        raise InvalidValue(f"Units are drawn over the plane: the network needs 2 features, it has {net.n_features}.")
    if check_count("layer", layer, at_least=0) >= len(net.layers):
        raise InvalidValue(f"layer must be from 0 to {len(net.layers) - 1} for this network, got {layer}.")


def _responses(net: Network, theta: npt.ArrayLike, layer: int, window: Extent, resolution: int) -> tuple[Array, Array]:
    """Return Z and A of the layer on the grid, shape (resolution, resolution, n_units) each, free of NaN."""
    left, right, bottom, top = window
    x1, x2 = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    trace = net.forward(theta, np.column_stack([x1.ravel(), x2.ravel()]))
    Z, A = (array.reshape(resolution, resolution, -1)[..., :MOST] for array in (trace.Z[layer], trace.A[layer + 1]))
    if not np.isfinite(A).all():
        unit = int(np.argwhere(~np.isfinite(A).all(axis=(0, 1)))[0, 0]) + 1
        raise InvalidValue(f"Unit {unit} of layer {layer + 1} answers NaN or infinity. Is theta finite?")
    return Z, A


def _size(n_units: int, window: Extent) -> tuple[float, float]:
    """Return width and height of a panel: smaller where they are many, as high as the window asks."""
    left, right, bottom, top = window
    width = 2.4 if n_units <= 4 else 1.8 if n_units <= 16 else 1.25
    return width, width * min(1.4, max(0.7, (top - bottom) / (right - left)))


def _draw_unit(axes: Axes, Z: Array, A: Array, window: Extent, scale: dict[str, Any]) -> None:
    """Draw one unit's response, and the line where its pre-activation is zero."""
    left, right, bottom, top = window
    axes.imshow(A, origin="lower", extent=window, aspect="auto", interpolation="bilinear", cmap=LIGHT_GREYS, **scale)
    if Z.min() < 0.0 < Z.max():
        x1, x2 = np.linspace(left, right, len(Z)), np.linspace(bottom, top, len(Z))
        axes.contour(x1, x2, Z, levels=[0.0], colors="black", linestyles="dashed", linewidths=1.0, zorder=2)
    axes.set(xlim=(left, right), ylim=(bottom, top))


def _draw_samples(axes: Axes, samples: CheckedPoints, style: Style) -> None:
    """Draw the samples as small as a small panel needs them."""
    n = len(samples.points)
    look: dict[str, Any] = {"edgecolors": style.edge_colour, "rasterized": n > MANY, "zorder": 3}
    area = min(12.0, max(2.0, 12.0 * (40 / n) ** 0.5))
    for k in np.unique(samples.numbers).tolist():
        x1, x2 = samples.points[samples.numbers == k].T
        axes.scatter(x1, x2, s=area, c=style.colour(k), marker=style.marker(k), linewidths=0.1 * area**0.5, **look)


def _label(axes: Axes, k: int) -> None:
    first, lowest = outer(axes)
    axes.set_xlabel("$x_1$" if lowest else "")
    axes.set_ylabel("$x_2$" if first else "", rotation=0, ha="right", va="center")
    axes.tick_params(labelbottom=lowest, labelleft=first, labelsize=7)
    axes.locator_params(nbins=3)
    set_title(axes, f"unit {k + 1}", 1.25)
