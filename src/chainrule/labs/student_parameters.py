"""Parameters and targets as a student's functions take them: in each assignment's own order and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network


@dataclass(frozen=True)
class Parts:
    """How a flat theta becomes what a student's functions take, and back."""

    state: Callable[[Array], list[Any]]
    theta: Callable[[Any], Array]


def parts_of(kind: str, net: Network) -> Parts:
    """Return the two ways between theta and a lab's own parameters."""
    return Parts(partial(_state, kind, net), partial(_theta, kind))


def _state(kind: str, net: Network, theta: Array) -> list[Any]:
    """S4's W1, W2, W3; S0's W, B, V; S3's three [W; b]; S2's w, b (and W̃, b̃); S1's flat W."""
    theta = np.array(theta)
    if kind == "minimize":
        return [theta]
    views = net.views(theta)
    if kind == "xor":
        return [W for W, _ in views]
    if kind == "softmax":
        return [np.vstack([W, b]) for W, b in views if b is not None]
    if kind == "moons":
        [(W, B), (V, _)] = views
        return [W, B, V.ravel()]
    w, b = views[-1]
    outer = [w.ravel(), 0.0 if b is None else float(b[0])]
    return [*outer, *views[0]] if kind == "network" else outer


def _theta(kind: str, state: Any) -> Array:
    order = (*state[2:], *state[:2]) if kind == "network" else state
    return np.concatenate([np.ravel(np.asarray(one, dtype=np.float64)) for one in order])


def answers_of(kind: str, module: Any, state: list[Any], X: Array, net: Network) -> Any:
    """Ask the functions of a lab for the outputs of X."""
    if kind == "xor":
        made = module.Network((net.layers[0].n_outputs, net.layers[1].n_outputs))
        made.W1, made.W2, made.W3 = state
        return made.forward(X)
    if kind == "moons":
        module.W, module.B, module.V = state
        return module.forward(np.ascontiguousarray(X[:, 0]), np.ascontiguousarray(X[:, 1]))
    if kind == "softmax":
        return module.forward(X, dict(zip(("W1", "W2", "W3"), state, strict=True)))[2]
    return module.predict(state[0], X, *sizes_of(net)) if kind == "minimize" else module.predict(*state, X)


def sizes_of(net: Network) -> tuple[tuple[int, ...], str]:
    """Return the sizes and the activation that S1's functions take."""
    return (net.n_features, *(layer.n_outputs for layer in net.layers)), net.layers[0].activation.name


def labels_of(kind: str, net: Network, T: Any) -> Array:
    """Return targets as a lab's functions take them: a column for S4, the class for S3 and S1, else a list."""
    targets = net.targets(T, len(T))
    if kind == "xor":
        return targets
    return targets.argmax(axis=1) if net.n_outputs > 1 else targets.ravel()
