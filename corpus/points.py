"""Points at which the corpus tries itself: random weights and data, targets as the loss wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chainrule import Network
    from corpus.case import Array, Arrays, Biases

Point = tuple["Arrays", "Biases", "Array", "Array"]


def point(net: Network, seed: int, n_samples: int = 13, *, inputs: float = 1.0, outputs: float = 1.0) -> Point:
    """Return weights, biases, X and T; ``inputs`` multiplies X, ``outputs`` the last W. All classes occur."""
    rng = np.random.default_rng(seed)
    shapes = [(net.n_features if i == 0 else net.layers[i - 1].n_outputs, layer.n_outputs)
              for i, layer in enumerate(net.layers)]  # fmt: skip
    weights = [rng.normal(size=shape) for shape in shapes]
    biases = [rng.normal(size=layer.n_outputs) if layer.bias else None for layer in net.layers]
    weights[-1] *= outputs
    X = inputs * rng.normal(size=(n_samples, net.n_features))
    return weights, biases, X, targets(net, rng, n_samples)


def targets(net: Network, rng: np.random.Generator, n_samples: int) -> Array:
    """Return one-hot rows, 0/1, ±1 or real numbers."""
    k = net.n_outputs
    if net.loss.name == "cross_entropy":
        return np.eye(k)[rng.permutation(np.arange(n_samples) % k)]
    if net.loss.name == "log_loss":
        return rng.integers(0, 2, (n_samples, k)).astype(float)
    if net.loss.name in {"perceptron", "hinge"}:
        return 2.0 * rng.integers(0, 2, (n_samples, k)) - 1.0
    if net.layers[-1].activation.name == "sigmoid":
        return rng.uniform(size=(n_samples, k))
    return rng.normal(size=(n_samples, k))


def theta_of(weights: Arrays, biases: Biases) -> Array:
    """Return chainrule's flat theta."""
    blocks = [block.ravel() for pair in zip(weights, biases, strict=True) for block in pair if block is not None]
    return np.concatenate(blocks)
