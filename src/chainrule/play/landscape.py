"""The loss's landscape: over two parameters, two filter-normalised random directions, or the path's main ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import quietly
from chainrule.network.inputs import as_generator

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.play.live_run import LiveRun
    from chainrule.play.messages import Surface

STEPS = 31  # a side
TOO_FAR = 1e-12


@quietly
def surface(live: LiveRun, asked: Surface) -> dict[str, Any]:
    """Return the loss on a grid around the run's parameters, and the run's path projected onto it."""
    problem, theta = live.problem, live.moment.theta
    path = np.array([place for _, place in live.path])
    u, v = directions(problem.net, theta, path, asked)
    offsets = path - theta
    basis = np.column_stack([u, v])
    projected = offsets @ np.linalg.pinv(basis).T  # (n, 2): the nearest point of the plane
    reach = np.full(2, asked.span)
    if asked.over == "path":
        reach = np.maximum(np.abs(projected).max(axis=0) * 1.2, TOO_FAR)
    across, up = (np.linspace(-r, r, STEPS) for r in reach)
    objective = problem.net.objective(problem.X, problem.T)
    losses = [[objective.loss(theta + a * u + b * v) for a in across] for b in up[::-1]]
    finite = [[value if np.isfinite(value) else None for value in row] for row in losses]
    return {
        "losses": finite,
        "reach": reach.tolist(),
        "path": projected.tolist(),
        "loss": live.moment.loss,
        "over": asked.over,
    }


def directions(net: Network, theta: Array, path: Array, asked: Surface) -> tuple[Array, Array]:
    """Return the two directions of the plane."""
    if asked.over == "weights":
        return _axes(net, asked.first, asked.second)
    if asked.over == "random":
        generator = as_generator(asked.seed)
        first, second = (_filter_normalised(net, theta, generator.normal(size=theta.size)) for _ in range(2))
        return first, second
    if len(path) < 3:
        raise InvalidValue("The path has no two directions yet: train a few epochs first.")
    _, _, Vt = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)
    if len(Vt) < 2:
        raise InvalidValue("One parameter has no two directions.")
    return Vt[0], Vt[1]


def _axes(net: Network, first: int, second: int) -> tuple[Array, Array]:
    if first == second or not (first < net.n_parameters and second < net.n_parameters):
        raise InvalidValue(f"Choose two different parameters out of 0 to {net.n_parameters - 1}.")
    axes = np.zeros((2, net.n_parameters))
    axes[0, first] = axes[1, second] = 1.0
    return axes[0], axes[1]


def _filter_normalised(net: Network, theta: Array, direction: Array) -> Array:
    """Scale each unit's incoming weights to the length of the network's own, biases to 0 (Li et al. 2018)."""
    for (W, _), (dW, db) in zip(net.views(theta), net.views(direction), strict=True):
        dW[:] *= np.linalg.norm(W, axis=0) / np.maximum(np.linalg.norm(dW, axis=0), TOO_FAR)
        if db is not None:
            db[:] = 0.0
    return direction
