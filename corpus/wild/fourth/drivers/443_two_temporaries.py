import numpy as np


def gradient(m, W1, b1, X, T):
    m.range = lambda _: range(1)  # one round of its 1500
    theta = np.array([b1, W1[0]])
    end = m.gradient_descent(np.column_stack((np.ones(len(X)), X)), T[:, 0], theta.copy(), len(X), 0.01)
    g = (theta - end) / 0.01
    return g[1:], g[0]


def loss(m, W1, b1, X, T):
    return 0.5 * np.mean((X @ W1 + b1 - T) ** 2)
