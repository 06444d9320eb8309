"""Points: where a gradient is looked at: random parameters, samples and targets at which mistakes show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.edits.program import Point
from chainrule.errors import InvalidValue
from chainrule.network.inputs import as_inputs, as_theta

if TYPE_CHECKING:
    from chainrule.network.network import Network

SAMPLES = (13, 17)  # of the two points: two odd numbers, larger than most layers' widths
SPREAD = 0.6  # of the weights: no unit is saturated


def random_point(net: Network, l2: float, seed: int, n_samples: int) -> Point:
    """Draw parameters, samples and targets that the loss can use, all classes among them.

    >>> from chainrule import Dense, Network
    >>> random_point(Network([Dense(1)], n_features=2), 0.1, seed=0, n_samples=5).X.shape
    (5, 2)
    """
    rng = np.random.RandomState(seed)
    K, loss, output = net.n_outputs, net.loss, net.layers[-1].activation
    classes = np.arange(n_samples)[:, np.newaxis] + np.arange(K)
    if output.name == "softmax":
        T = np.eye(K)[np.arange(n_samples) % K]
    elif loss.check_targets(np.full((1, K), 0.5)):  # classes, signs or counts
        T = (classes % 2).astype(np.float64)
        T = 2.0 * T - 1.0 if loss.check_targets(T) else T
    else:
        T = rng.uniform(0.1, 0.9, (n_samples, K)) if output.name == "sigmoid" else rng.normal(size=(n_samples, K))
        T = (classes % 2).astype(np.float64) if loss.name == "log_loss" else T
    order = rng.permutation(n_samples)
    X = rng.normal(size=(n_samples, net.n_features))
    return Point(rng.normal(0.0, SPREAD, net.n_parameters), X, T[order], l2)


def points_at(net: Network, theta: Any, X: Any, T: Any) -> list[Point]:
    """Two points; the caller's own samples take the place of random ones at both."""
    points = [random_point(net, 0.0, seed, n) for seed, n in enumerate(SAMPLES)]
    if (X is None) != (T is None):
        raise InvalidValue("X and T belong together: give both, or neither.")
    if X is not None:
        samples = as_inputs(X, net.n_features, np.float64)
        targets = net.targets(T, len(samples), np.float64)
        points = [replace(point, X=samples, T=targets) for point in points]
    if theta is not None:
        points[0] = replace(points[0], theta=as_theta(theta, net.n_parameters).astype(np.float64))
    return points
