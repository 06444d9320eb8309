"""Scores: how well a network reads its samples, the share that is read right, or for numbers R²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.training.accuracy import accuracy, decision

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

Score: TypeAlias = Literal["accuracy", "R²"]


def score_of(net: Network, T: Array) -> Score:
    """The score that targets (n_samples, n_outputs) are read by: accuracy where they are classes, else R²."""
    try:
        decision(net, T)
    except InvalidValue:
        return "R²"
    return "accuracy"


def measure(score: Score | None, net: Network, theta: Array, X: npt.ArrayLike, T: npt.ArrayLike) -> float:
    """Return the score of a network on samples: at most 1."""
    return accuracy(net, theta, X, T) if score == "accuracy" else r_squared(net, theta, X, T)


def r_squared(net: Network, theta: npt.ArrayLike, X: npt.ArrayLike, T: npt.ArrayLike) -> float:
    """The share of the targets' variance that is explained, R² = 1 − Σ(T − Y)² / Σ(T − mean T)².

    It is 1 for a perfect answer, 0 for one no better than the mean, below 0 for a worse one. Where the targets are all
    the same it is 1 for a perfect answer and 0 for any other.

    >>> from chainrule import Dense, Network
    >>> r_squared(Network([Dense(1)], n_features=1), [1.0, 0.0], [[1.0], [2.0], [3.0]], [1.0, 2.0, 4.0])
    0.7857142857142857
    """
    Y = net.predict(theta, X)
    targets = net.targets(T, len(Y))
    with np.errstate(over="ignore"):  # an answer far off is −∞
        missed = float(((targets - Y) ** 2).sum())
    spread = float(((targets - targets.mean(axis=0)) ** 2).sum())
    if not np.isfinite(missed):
        return -np.inf
    return float(missed == 0) if spread == 0 else 1.0 - missed / spread
