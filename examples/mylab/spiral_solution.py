"""Spiral, solved: one hidden layer of tanh and a sigmoid output, cross-entropy, gradient descent.

X is (N, 2), a sample a row; t and y are (N, 1). Parameters are W1 (2, h), b1 (h,), W2 (h, 1), b2 (1,), in this order.
"""

from __future__ import annotations

import numpy as np


def spiral(n, stream):
    """n points on two arms that wind about each other once, and their labels: (n, 2) and (n, 1)."""
    t = np.arange(n) % 2
    radius = np.linspace(0.1, 1, n)
    angle = 2 * np.pi * radius + np.pi * t
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + stream.normal(0, 0.03, (n, 2)), t[:, np.newaxis]


def sigmoid(a):
    """σ(a) = 1 / (1 + e^−a)."""
    return 1 / (1 + np.exp(-a))


def forward(W1, b1, W2, b2, X):
    """H = tanh(X W1 + b1), (N, h), and y = σ(H W2 + b2), (N, 1)."""
    H = np.tanh(X @ W1 + b1)
    return H, sigmoid(H @ W2 + b2)


def loss(y, t):
    """−(1/N) Σ [t log y + (1 − t) log(1 − y)]."""
    return -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))


def gradient(W1, b1, W2, b2, X, t):
    """∂L/∂W1, ∂L/∂b1, ∂L/∂W2 and ∂L/∂b2, each in its parameter's shape."""
    H, y = forward(W1, b1, W2, b2, X)
    dZ2 = (y - t) / len(X)  # (N, 1)
    dZ1 = (dZ2 @ W2.T) * (1 - H**2)  # (N, h): tanh′ = 1 − tanh²
    return X.T @ dZ1, dZ1.sum(axis=0), H.T @ dZ2, dZ2.sum(axis=0)


def update(parameters, gradients, rate):
    """Return P − rate · ∂L/∂P of each parameter; the old ones stay what they were."""
    return tuple(P - rate * dP for P, dP in zip(parameters, gradients, strict=True))


def train(X, t, hidden=20, rate=1.0, steps=3000):
    """Descend from a random start; return the parameters and the loss before each step."""
    stream = np.random.RandomState(0)
    parameters = (2 * stream.randn(2, hidden), stream.randn(hidden), stream.randn(hidden, 1), np.zeros(1))
    losses = []
    for _ in range(steps):
        losses.append(loss(forward(*parameters, X)[1], t))
        parameters = update(parameters, gradient(*parameters, X, t), rate)
    return parameters, losses


def draw(parameters, X, t):
    """Draw the points over the network's answers."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 4))
    axes = figure.subplots()
    x1, x2 = np.meshgrid(np.linspace(-1.2, 1.2, 200), np.linspace(-1.2, 1.2, 200))
    y = forward(*parameters, np.column_stack([x1.ravel(), x2.ravel()]))[1]
    axes.contourf(x1, x2, y.reshape(x1.shape), levels=[0, 0.5, 1], colors=["#0072B2", "#D55E00"], alpha=0.3)
    axes.scatter(*X.T, c=np.where(t.ravel() == 1, "#D55E00", "#0072B2"), s=12)
    return figure


if __name__ == "__main__":
    X, t = spiral(200, np.random.RandomState(0))
    parameters, losses = train(X, t)
    print(f"loss {losses[0]:.3f} at the start, {losses[-1]:.3f} at the end")
    draw(parameters, X, t).savefig("spiral-answers.png")
    print("written: spiral-answers.png")
