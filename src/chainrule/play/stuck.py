"""Why did it stick: dead units, saturated ones, a collapse of the outputs, and a gradient that vanishes on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.maths.arrays import quietly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.play.live_run import LiveRun

FLAT = 0.01  # f′ below this share of its largest: the unit lets next to nothing through
MOSTLY = 0.95  # of the samples
VANISHED = 1e-3


@quietly
def findings(live: LiveRun) -> list[dict[str, Any]]:
    """Return what holds this run up: a sentence, its layer and its units; the numbers are Trace's and Gradients'."""
    problem, theta = live.problem, live.moment.theta
    trace = problem.net.forward(theta, problem.X)
    grads = problem.net.backward(theta, trace, problem.T)
    found = [*_units(problem.net, trace.Z, trace.A), *_collapse(trace.Y, problem.T), *_vanishing(grads.dW)]
    if not found:
        length = float(np.linalg.norm(grads.theta))
        words = f"No unit is dead or saturated, the outputs differ, and the gradient's length is {length:.3g}."
        found = [{"kind": "none", "layer": 0, "units": [], "text": words}]
    return found


def _units(net: Network, Z: tuple[Array, ...], A: tuple[Array, ...]) -> Iterator[dict[str, Any]]:
    for number, layer in enumerate(net.layers[:-1], start=1):
        if layer.activation.range.rows == "sum to one":
            continue
        slopes = np.abs(layer.activation.backward(np.ones_like(Z[number - 1]), Z[number - 1], A[number]))
        at_zero = np.full((1, 1), 1e-9)  # where f′ of these activations is large
        back, forth = layer.activation.backward, layer.activation.forward
        steep = float(np.abs(back(np.ones((1, 1)), at_zero, forth(at_zero))).max())
        flat = (slopes < FLAT * max(steep, 1e-3)).mean(axis=0)
        silent = (A[number] == 0).all(axis=0)
        for kind, those, words in (
            ("dead", silent, "give 0 for every sample: no error comes back through them, and they cannot learn"),
            ("saturated", (flat >= MOSTLY) & ~silent, "are saturated: f′ is next to 0 for nearly every sample"),
        ):
            which = np.flatnonzero(those).tolist()
            if which:
                units = ", ".join(str(k + 1) for k in which)
                text = f"Layer {number}: units {units} {words}."
                yield {"kind": kind, "layer": number, "units": which, "text": text}


def _collapse(Y: Array, T: Array) -> Iterator[dict[str, Any]]:
    spread, wanted = float(Y.std(axis=0).max()), float(T.std(axis=0).max())
    if spread < FLAT * wanted:
        text = f"Collapse: all outputs are nearly the same; they spread by {spread:.2g}, the targets by {wanted:.2g}."
        yield {"kind": "collapse", "layer": 0, "units": [], "text": text}


def _vanishing(dW: tuple[Array, ...]) -> Iterator[dict[str, Any]]:
    sizes = [float(np.sqrt(np.mean(g * g))) for g in dW]
    if len(sizes) > 1 and sizes[0] < VANISHED * sizes[-1]:
        text = f"The gradient vanishes on its way back: {sizes[-1]:.2g} in the last layer, {sizes[0]:.2g} in the first."
        yield {"kind": "vanishing", "layer": 1, "units": [], "text": text}
