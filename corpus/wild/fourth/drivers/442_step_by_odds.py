import numpy as np


def gradient(m, W1, b1, X, T):
    model, design = m.LogisticRegression(0.1, 1), np.column_stack((np.ones(len(X)), X))
    model.m, model.p = design.shape
    b = np.append(b1, W1[:, 0])
    model.b = b.copy()
    model._LogisticRegression__descend(design, T[:, 0])
    g = (b - model.b) / 0.1
    return g[1:, None], g[:1]


def loss(m, W1, b1, X, T):
    h = 1 / (1 + np.exp(-(X @ W1 + b1)))
    return -np.mean(T * np.log(h) + (1 - T) * np.log(1 - h))
