"""Activations: each function and its slope, as back-propagation uses it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from chainrule.errors import InvalidValue
from chainrule.maths.activations import Activation
from chainrule.network.backprop import of_shape
from chainrule.network.registry import as_activation
from chainrule.plot.picture import Picture, add_legend, set_title, theme
from chainrule.plot.small_multiples import multiples, outer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.maths.arrays import Array

WIDTH, HEIGHT = 2.2, 2.0
REACH = 5.0  # z from −5 to 5; the values are shown as far, too
LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("f(z)", {"color": "#0072B2", "lw": 1.8}),
    ("f′(z)", {"color": "#D55E00", "lw": 1.6, "ls": (0, (4, 1.6))}),
)


@theme()
def activation_functions(activations: str | Activation | Sequence[str | Activation]) -> Picture:
    """Draw each activation f and its derivative f′ over z from −5 to 5, a panel each.

    The derivative is what the activation's own ``backward`` makes of dA = 1. Values beyond ±5 leave the panel. One
    that works on whole rows, such as softmax, is drawn as its first output for the row (z, 0).

    Parameters
    ----------
    activations : name, Activation, or a sequence of them

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where a name is unknown, there is none, or one gives NaN or another shape.

    Examples
    --------
    >>> picture = activation_functions(["sigmoid", "relu"])
    >>> [axes.get_title() for axes in picture.axes]
    ['sigmoid', 'relu']
    """
    if not isinstance(activations, str | Activation | Iterable):
        raise InvalidValue(f"activations must be a name, an Activation or a list of them, got {activations!r}.")
    given = [activations] if isinstance(activations, str | Activation) else list(activations)
    if not given:
        raise InvalidValue("activations is empty: there is nothing to draw.")
    members = [as_activation(each) for each in given]
    picture, panels = multiples(len(members), WIDTH, HEIGHT, at_most=4)
    z = np.linspace(-REACH, REACH, 1001)
    for axes, activation in zip(panels, members, strict=True):
        both = value_and_slope(activation, z)
        for (_, look), values in zip(LOOKS, both, strict=True):
            axes.plot(z, np.clip(values, -1e3, 1e3), **look)
        _, lowest = outer(axes)
        axes.set(xlim=(-REACH, REACH), ylim=_window(both), xlabel="z" if lowest else "", xticks=[-5, 0, 5])
        axes.tick_params(labelbottom=lowest)
        for line in (axes.axhline, axes.axvline):
            line(0.0, color="0.8", lw=0.7, zorder=0)
        set_title(axes, activation.name if elementwise(activation) else f"{activation.name} of (z, 0)", WIDTH)
    add_legend(picture, [(label, Line2D([], [], **look)) for label, look in LOOKS])
    return picture


def elementwise(activation: Activation) -> bool:
    """Whether each output depends on its own pre-activation alone."""
    return activation.range.rows != "sum to one"


def value_and_slope(activation: Activation, z: Array) -> tuple[Array, Array]:
    """Return f(z) and f′(z), shape (n,) each; of an activation of rows, of the first output for the rows (z, 0).

    >>> from chainrule.maths.activations import SOFTMAX, TANH
    >>> value_and_slope(TANH, np.zeros(1)), value_and_slope(SOFTMAX, np.zeros(1))
    ((array([0.]), array([1.])), (array([0.5]), array([0.25])))
    """
    Z = z[:, np.newaxis] if elementwise(activation) else np.column_stack([z, np.zeros_like(z)])
    dA = np.zeros_like(Z)
    dA[:, 0] = 1.0
    with np.errstate(all="ignore"):
        A = of_shape(Z.shape, activation.forward(Z), f"The activation {activation.name!r}")
        dZ = of_shape(Z.shape, activation.backward(dA, Z, A), f"The backward of {activation.name!r}")
    for what, values in (("activation", A), ("derivative of", dZ)):
        if np.isnan(values).any():
            where = z[np.isnan(values).any(axis=1)][0]
            raise InvalidValue(f"The {what} {activation.name!r} is NaN at z = {where:g}: it cannot be drawn.")
    return A[:, 0], dZ[:, 0]


def _window(curves: Sequence[Array]) -> tuple[float, float]:
    """Return the lowest and highest value shown: those of the curves, not beyond ±5, and a margin."""
    low, high = (float(np.clip(extreme(curves), -REACH, REACH)) for extreme in (np.min, np.max))
    pad = 0.08 * (high - low) or 0.5
    return low - pad, high + pad
