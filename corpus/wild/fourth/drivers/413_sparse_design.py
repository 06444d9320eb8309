import numpy as np


def told(m, W1, b1, X, T, l2):
    model = m.LogisticRegression()
    model.w = np.append(W1[:, 0], b1)
    return model.loss(model.with_ones(X), T[:, 0], 2 * l2 * len(X))


def gradient(m, W1, b1, X, T, l2):
    g = told(m, W1, b1, X, T, l2)[1]
    return g[:-1, None], g[-1:]


def loss(m, W1, b1, X, T, l2):
    return told(m, W1, b1, X, T, l2)[0]
