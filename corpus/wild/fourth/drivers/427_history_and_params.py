import numpy as np


def as_author(W1, b1, X):
    return np.vstack([b1, W1]), np.hstack([np.ones((len(X), 1)), X])


def gradient(m, W1, b1, X, T):
    theta, design = as_author(W1, b1, X)
    g = (theta - m.gradient_descent(design, T, theta, 0.1, 1)[1]) / 0.1
    return g[1:], g[0]


def loss(m, W1, b1, X, T):  # the author's, without the guard of its logarithms, which differences see
    theta, design = as_author(W1, b1, X)
    h = m.sigmoid(design @ theta)
    return -np.mean(T * np.log(h) + (1 - T) * np.log(1 - h))
