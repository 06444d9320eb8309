import numpy as np


def as_author(W1, b1, X):
    return np.append(b1, W1[:, 0]), np.hstack([np.ones((len(X), 1)), X])


def gradient(m, W1, b1, X, T):
    g = m.compute_grad(*as_author(W1, b1, X), T)
    return g[1:, None], g[:1]


def loss(m, W1, b1, X, T):
    return m.compute_cost(*as_author(W1, b1, X), T)
