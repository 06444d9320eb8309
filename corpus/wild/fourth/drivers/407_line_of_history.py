import numpy as np


def gradient(m, W1, b1, X, T):
    w, b = m.gradient_descent(X[:, 0], T[:, 0], W1[0, 0], b1[0], 0.02, 1)[-1]
    return (W1 - w) / 0.02, (b1 - b) / 0.02


def loss(m, W1, b1, X, T):
    return 0.5 * np.mean((X @ W1 + b1 - T) ** 2)
