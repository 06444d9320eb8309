"""Section 2, solved: a single neuron y = σ(wᵀx + b) and the gradient of its mean squared error.

What the text gets wrong, and what stands here:

- Its ∂J/∂y_i keeps the sum over i. One prediction has one term: ∂J/∂y_i = (y_i − t_i) / N; the sum comes with ∂J/∂w.
- Its σ′(a) = e^−a / (1 + e^−a)² overflows to inf/inf. Here σ′ = σ (1 − σ), of a σ that cannot overflow.

X is a mini-batch, a sample a row, (N, 2); w is (2,), b a number; y and t are (N,).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


def sigmoid(a: Array) -> Array:
    """σ(a) = 1 / (1 + e^−a) (2.1), written with e^−|a|, which cannot overflow."""
    e = np.exp(-np.abs(a))
    y: Array = np.where(a >= 0, 1.0, e) / (1.0 + e)
    return y


def sigmoid_derivative(a: Array) -> Array:
    """σ′(a) = σ(a) (1 − σ(a)), and 1 − σ(a) is σ(−a)."""
    return sigmoid(a) * sigmoid(-a)


def preactivation(w: Array, b: float, X: Array) -> Array:
    """a = wᵀx + b of every sample, (N,)."""
    return X @ w + b


def predict(w: Array, b: float, X: Array) -> Array:
    """y = σ(wᵀx + b) of every sample, (N,)."""
    return sigmoid(preactivation(w, b, X))


def loss(y: Array, t: Array) -> float:
    """J = 1/(2N) Σ (y_i − t_i)² (2.2)."""
    return float(np.square(y - t).sum() / (2 * len(y)))


def gradient(w: Array, b: float, X: Array, t: Array) -> tuple[Array, float]:
    """∂J/∂w = 1/N Σ (y_i − t_i) σ′(a_i) x_i (2.3), and the same without x_i for b (2.4): (2,) and a number."""
    a = preactivation(w, b, X)
    delta = (sigmoid(a) - t) * sigmoid_derivative(a) / len(X)  # (N,): ∂J/∂a_i
    return X.T @ delta, float(delta.sum())


def update(w: Array, b: float, dw: Array, db: float, epsilon: float) -> tuple[Array, float]:
    """w ← w − ε ∂J/∂w and b ← b − ε ∂J/∂b (2.5 to 2.7), as new values."""
    return w - epsilon * dw, b - epsilon * db


def unit_test() -> None:
    """Check every function against numbers found by hand, and the gradient against differences of the loss."""
    X, t = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([0.0, 1.0])
    w, b = np.array([2.0, -1.0]), 0.0  # both samples have a = 0
    np.testing.assert_allclose(predict(w, b, X), [0.5, 0.5])
    np.testing.assert_allclose(loss(predict(w, b, X), t), 0.125)  # (0.25 + 0.25) / 4
    dw, db = gradient(w, b, X, t)
    np.testing.assert_allclose(dw, [-0.0625, -0.125])  # −0.5 · 0.25 · x / 2
    np.testing.assert_allclose(db, 0.0, atol=1e-15)
    w2, b2 = update(w, 1.0, dw, 0.5, epsilon=2.0)
    np.testing.assert_allclose(np.append(w2, b2), [2.125, -0.75, 0.0])

    X, t, w, b, h = np.array([[0.3, -1.2], [2.0, 0.7], [-0.4, 0.1]]), np.array([1.0, 0.0, 1.0]), np.ones(2), -0.3, 1e-6

    def J(w1: float, w2: float, b: float) -> float:
        return loss(predict(np.array([w1, w2]), b, X), t)

    at = np.append(w, b)
    slopes = [(J(*(at + h * e)) - J(*(at - h * e))) / (2 * h) for e in np.eye(3)]
    dw, db = gradient(w, b, X, t)
    np.testing.assert_allclose(np.append(dw, db), slopes, rtol=1e-7)


if __name__ == "__main__":
    unit_test()
    print("neuron: all tests passed")  # noqa: T201  # a unit test that is run by hand says so
