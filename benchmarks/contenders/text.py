"""The assignments' own way: plain NumPy, layer by layer, every array new. S4 as its report computes, S3 batched.

S4 checks its loss each epoch, logs with an ε, divides by y (1 − y), and its σ′ takes pre-activations: every product
and every σ is computed again for the way back. S3 keeps activations, appends a column of ones for the bias, which is
the last row of each matrix, and climbs the log-likelihood; it computes no loss. One sample at a time became all rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.data import load

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.workloads import Layers, Workload

    Array = npt.NDArray[Any]

EPSILON = 0.01  # S4's, in its logarithms


def sigmoid(M: Array) -> Array:
    """1 / (1 + e^−M), as both texts write it."""
    return 1.0 / (1.0 + np.exp(-M))


def sigmoid_slope(M: Array) -> Array:
    """σ(M) (1 − σ(M)), from pre-activations, with σ computed twice."""
    return sigmoid(M) * (1.0 - sigmoid(M))


class ReportNetwork:
    """S4's network of three matrices."""

    def __init__(self, weights: list[Array], rate: float) -> None:
        self.W1, self.W2, self.W3 = weights
        self.rate = rate

    def forward(self, X: Array) -> Array:
        """Keep what the way back starts from."""
        self.X = X
        self.A1 = sigmoid(X @ self.W1)
        self.A2 = sigmoid(self.A1 @ self.W2)
        return sigmoid(self.A2 @ self.W3)

    def loss(self, T: Array, Y: Array) -> float:
        """Binary cross-entropy with ε inside the logarithms; the report's slip, blind to labels, is put right."""
        inside = T * np.log(Y + EPSILON) + (1 - T) * np.log(1 - Y + EPSILON)
        return float((-1 / len(T)) * np.sum(inside))

    def backward(self, T: Array, Y: Array) -> None:
        """Link by link along the chain, then one step."""
        dY = (-1 / len(T)) * (T / Y - (1 - T) / (1 - Y))
        dZ3 = dY * sigmoid_slope(self.A2 @ self.W3)
        dW3 = (dZ3.T @ self.A2).T
        dZ2 = (dZ3 @ self.W3.T) * sigmoid_slope(self.A1 @ self.W2)
        dW2 = (dZ2.T @ self.A1).T
        dZ1 = (dZ2 @ self.W2.T) * sigmoid_slope(self.X @ self.W1)
        dW1 = (dZ1.T @ self.X).T
        self.W1 = self.W1 - self.rate * dW1
        self.W2 = self.W2 - self.rate * dW2
        self.W3 = self.W3 - self.rate * dW3


def with_ones(A: Array) -> Array:
    """Append the unit that feeds the biases."""
    return np.hstack([A, np.ones((len(A), 1))])


def ascent_step(model: dict[str, Array], X: Array, T: Array, rate: float) -> dict[str, Array]:
    """One of S3's steps up the mean log-likelihood, all rows at once."""
    X1 = with_ones(X)
    H1 = with_ones(sigmoid(X1 @ model["W1"]))
    H2 = with_ones(sigmoid(H1 @ model["W2"]))
    scores = np.exp(H2 @ model["W3"])
    errors = T - scores / scores.sum(axis=1, keepdims=True)
    dZ2 = ((errors @ model["W3"].T) * H2 * (1 - H2))[:, :-1]  # the unit of ones has no inputs
    dZ1 = ((dZ2 @ model["W2"].T) * (H1 * (1 - H1)))[:, :-1]
    gradients = {"W3": H2.T @ errors / len(X), "W2": H1.T @ dZ2 / len(X), "W1": X1.T @ dZ1 / len(X)}
    return {name: model[name] + rate * gradients[name] for name in model}


class Text:
    """Trains S4's workloads as S4's report does, and S3's as S3's notebook does."""

    libraries = ("numpy",)
    compiles_each_length = False

    def prepare(self, workload: Workload) -> None:
        """Load the data and draw the start."""
        self.workload, self.samples = workload, load(workload)

    def train(self, epochs: int) -> Layers:
        """Train as the workload's text trains."""
        return self._report(epochs) if self.workload.output == "sigmoid" else self._notebook(epochs)

    check = train

    def _report(self, epochs: int) -> Layers:
        X, _, T = self.samples
        net = ReportNetwork([W for W, _ in self.workload.start()], self.workload.learning_rate)
        losses = []  # the text stops where one falls below its ε; here everyone trains the same number of epochs
        for _ in range(epochs):
            Y = net.forward(X)
            losses.append(net.loss(T, Y))
            net.backward(T, Y)
        return [(net.W1, None), (net.W2, None), (net.W3, None)]

    def _notebook(self, epochs: int) -> Layers:
        X, _, T = self.samples
        start = enumerate(self.workload.start(), start=1)
        model = {f"W{layer}": np.vstack([W, b]) for layer, (W, b) in start if b is not None}
        for _ in range(epochs):
            model = ascent_step(model, X, T, self.workload.learning_rate)
        return [(matrix[:-1], matrix[-1]) for matrix in model.values()]
