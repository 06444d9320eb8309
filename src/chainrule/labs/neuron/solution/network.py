"""Section 3, solved: two hidden neurons and one output, y = σ(wᵀσ(W̃ᵀx + b̃) + b), and its nine derivatives.

What the text gets wrong, and what stands here:

- Its list of derivatives names one weight twice and leaves a bias out. Here there are nine names and nine derivatives.
- Its last update has lost its ε. Here every update has it.
- Its ∂J/∂y_i keeps the sum over i, and its σ′ overflows; see ``neuron``.

X is a mini-batch, a sample a row, (N, 2). w is (2,), b a number, W_tilde (2, 2) with W_tilde[i, j] leading from input
i to hidden neuron j, b_tilde (2,).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Parameters: TypeAlias = tuple[Array, float, Array, Array]

NAMES = ("w1", "w2", "b", "W11", "W21", "W12", "W22", "b1", "b2")


def sigmoid(a: Array) -> Array:
    """σ(a) = 1 / (1 + e^−a), written with e^−|a|, which cannot overflow."""
    e = np.exp(-np.abs(a))
    y: Array = np.where(a >= 0, 1.0, e) / (1.0 + e)
    return y


def sigmoid_derivative(a: Array) -> Array:
    """σ′(a) = σ(a) (1 − σ(a)), and 1 − σ(a) is σ(−a)."""
    return sigmoid(a) * sigmoid(-a)


def forward(w: Array, b: float, W_tilde: Array, b_tilde: Array, X: Array) -> tuple[Array, Array, Array]:
    """ã = W̃ᵀx + b̃ (N, 2), h = σ(ã) (N, 2) and a = wᵀh + b (N,) of every sample."""
    a_tilde = X @ W_tilde + b_tilde
    h = sigmoid(a_tilde)
    return a_tilde, h, h @ w + b


def predict(w: Array, b: float, W_tilde: Array, b_tilde: Array, X: Array) -> Array:
    """y = σ(a) of every sample, (N,)."""
    _, _, a = forward(w, b, W_tilde, b_tilde, X)
    return sigmoid(a)


def loss(y: Array, t: Array) -> float:
    """J = 1/(2N) Σ (y_i − t_i)²."""
    return float(np.square(y - t).sum() / (2 * len(y)))


def gradient(w: Array, b: float, W_tilde: Array, b_tilde: Array, X: Array, t: Array) -> Parameters:
    """∂J/∂w (2,), ∂J/∂b, ∂J/∂W̃ (2, 2) and ∂J/∂b̃ (2,), from δ = ∂J/∂a and δ̃ = δ wᵀ ⊙ σ′(ã)."""
    a_tilde, h, a = forward(w, b, W_tilde, b_tilde, X)
    delta = (sigmoid(a) - t) * sigmoid_derivative(a) / len(X)  # (N,)
    delta_tilde = np.outer(delta, w) * sigmoid_derivative(a_tilde)  # (N, 2)
    return h.T @ delta, float(delta.sum()), X.T @ delta_tilde, delta_tilde.sum(axis=0)


def nine_derivatives(w: Array, b: float, W_tilde: Array, b_tilde: Array, X: Array, t: Array) -> dict[str, float]:
    """Return the nine by name, each its own mean over the batch, as one finds them on paper."""
    a_tilde, h, a = forward(w, b, W_tilde, b_tilde, X)
    x1, x2 = X.T
    outer = (sigmoid(a) - t) * sigmoid_derivative(a)
    inner1 = outer * w[0] * sigmoid_derivative(a_tilde[:, 0])
    inner2 = outer * w[1] * sigmoid_derivative(a_tilde[:, 1])
    terms = (
        outer * h[:, 0],
        outer * h[:, 1],
        outer,
        inner1 * x1,
        inner1 * x2,
        inner2 * x1,
        inner2 * x2,
        inner1,
        inner2,
    )
    return {name: float(term.mean()) for name, term in zip(NAMES, terms, strict=True)}


def update(
    w: Array,
    b: float,
    W_tilde: Array,
    b_tilde: Array,
    gradient: Parameters,
    epsilon: float,
) -> Parameters:
    """θ ← θ − ε ∂J/∂θ for all nine, as new values."""
    dw, db, dW_tilde, db_tilde = gradient
    return w - epsilon * dw, b - epsilon * db, W_tilde - epsilon * dW_tilde, b_tilde - epsilon * db_tilde


def by_name(parameters: Parameters) -> dict[str, float]:
    """Name the nine entries of (w, b, W̃, b̃), or of their derivatives."""
    w, b, W_tilde, b_tilde = parameters
    values = (*w, b, *W_tilde.T.ravel(), *b_tilde)  # W̃ column by column: first what leads to hidden neuron 1
    return {name: float(value) for name, value in zip(NAMES, values, strict=True)}


def unit_test() -> None:
    """Check each function by hand, and the nine derivatives three ways: in matrices, on paper, by differences."""
    X, t = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([0.0, 1.0])
    zeros = (np.zeros(2), 0.0, np.zeros((2, 2)), np.zeros(2))
    np.testing.assert_allclose(predict(*zeros, X), [0.5, 0.5])
    np.testing.assert_allclose(loss(predict(*zeros, X), t), 0.125)
    np.testing.assert_allclose(predict(np.array([2.0, -2.0]), 0.0, np.eye(2), np.zeros(2), X[:1]), [0.5])

    parameters = (np.array([0.7, -1.1]), 0.2, np.array([[0.4, -0.9], [1.3, 0.5]]), np.array([-0.6, 0.1]))
    X, t = np.array([[0.3, -1.2], [2.0, 0.7], [-0.4, 0.1]]), np.array([1.0, 0.0, 1.0])
    derivatives = gradient(*parameters, X, t)
    on_paper = nine_derivatives(*parameters, X, t)
    nine = np.array([on_paper[name] for name in NAMES])  # by name: a dict may be in any order
    np.testing.assert_allclose([by_name(derivatives)[name] for name in NAMES], nine, rtol=1e-12)

    theta, h = np.array(list(by_name(parameters).values())), 1e-6
    slopes = [(_loss_at(theta + h * e, X, t) - _loss_at(theta - h * e, X, t)) / (2 * h) for e in np.eye(9)]
    np.testing.assert_allclose(nine, slopes, rtol=1e-6)
    moved = by_name(update(*parameters, derivatives, epsilon=0.5))
    np.testing.assert_allclose([moved[name] for name in NAMES], theta - 0.5 * nine, rtol=1e-12)


def _loss_at(theta: Array, X: Array, t: Array) -> float:
    """Return J where the nine, in the order of NAMES, are theta."""
    return loss(predict(theta[:2], theta[2], theta[3:7].reshape(2, 2).T, theta[7:], X), t)


if __name__ == "__main__":
    unit_test()
    print("network: all tests passed")  # noqa: T201  # a unit test that is run by hand says so
