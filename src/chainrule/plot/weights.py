"""Weights: each layer's W as an image, its b below, and the same for their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from chainrule.network.backprop import Gradients
from chainrule.network.inputs import as_theta, check_finite
from chainrule.network.network import check_network
from chainrule.plot.colour_maps import AROUND_ZERO, symmetric
from chainrule.plot.picture import Picture, set_title, theme
from chainrule.plot.small_multiples import multiples, set_heading

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

WIDTH, HEIGHT = 2.7, 2.6


@theme()
def weights(net: Network, theta: npt.ArrayLike, *, title: str | None = None) -> Picture:
    """Draw the W of each layer as an image, a row an input and a column a unit, with b as a row of its own below.

    Dark blue is below zero, grey is zero, light orange is above; each layer has its own scale, told by its bar.

    Parameters
    ----------
    net : Network
    theta : array_like, shape (n_parameters,)
    title : str, optional

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where theta has another shape, or holds NaN or infinity.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(3, "tanh"), Dense(1)], n_features=2)
    >>> [axes.get_title() for axes in weights(net, net.initial_theta(0)).axes[:2]]
    ['W1', 'W2']
    """
    check_network(net, "net, theta")
    return _draw_layers(net, as_theta(theta, net.n_parameters), "", title)


@theme()
def gradients(net: Network, grads: Gradients | npt.ArrayLike, *, title: str | None = None) -> Picture:
    """Draw the dW of each layer as an image, with db below; as `weights` draws W and b.

    Parameters
    ----------
    net : Network
    grads : Gradients, or array_like of shape (n_parameters,)
        What ``net.backward`` returns, or the flat gradient of an objective.
    title : str, optional

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where the gradient has another shape, or holds NaN or infinity.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1)], n_features=2)
    >>> loss, gradient = net.objective([[1.0, 2.0]], [3.0])(np.zeros(3))
    >>> gradients(net, gradient).axes[0].get_title()
    'dW1'
    """
    check_network(net, "net, grads")
    flat = grads.theta if isinstance(grads, Gradients) else grads
    return _draw_layers(net, as_theta(flat, net.n_parameters), "d", title)


def _draw_layers(net: Network, theta: Array, prefix: str, title: str | None) -> Picture:
    layers = net.views(theta)
    for number, (W, b) in enumerate(layers, start=1):
        check_finite(f"{prefix}W{number}", W)
        if b is not None:
            check_finite(f"{prefix}b{number}", b)
    picture, panels = multiples(len(layers), WIDTH, HEIGHT, at_most=4)
    for number, (axes, (W, b)) in enumerate(zip(panels, layers, strict=True), start=1):
        _draw_layer(axes, W, b, f"{prefix}b{number}")
        set_title(axes, f"{prefix}W{number}", WIDTH)
        picture.colorbar(axes.images[0], ax=axes, aspect=18, pad=0.03)
    panels[0].set_ylabel("input")
    for axes in panels:
        axes.set_xlabel("unit")
    set_heading(picture, title)
    return picture


def _draw_layer(axes: Axes, W: Array, b: Array | None, name: str) -> None:
    """Draw W, inputs and units counted from 1, and b set apart below it, both on one scale around zero."""
    n_in, n_out = W.shape
    limit = symmetric([W] if b is None else [W, b])
    look: dict[str, Any] = {"cmap": AROUND_ZERO, "vmin": -limit, "vmax": limit, "aspect": "auto"}
    axes.imshow(W, extent=(0.5, n_out + 0.5, n_in + 0.5, 0.5), **look)
    ticks = [int(tick) for tick in MaxNLocator(5, integer=True).tick_values(1, n_in) if 1 <= tick <= n_in] or [1]
    bottom, labels = n_in + 0.5, [str(tick) for tick in ticks]
    if b is not None:
        gap, height = 0.06 * (n_in + 1), max(1.0, 0.08 * n_in) if n_in > 1 else 1.0
        top, bottom = n_in + 0.5 + gap, n_in + 0.5 + gap + height
        axes.imshow(b[np.newaxis, :], extent=(0.5, n_out + 0.5, bottom, top), **look)
        axes.axhspan(n_in + 0.5, top, color="white", zorder=3)
        ticks, labels = [*ticks, (top + bottom) / 2], [*labels, name]
    axes.set(xlim=(0.5, n_out + 0.5), ylim=(bottom, 0.5))
    axes.set_yticks(ticks, labels)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
