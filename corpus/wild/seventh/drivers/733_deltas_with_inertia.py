import numpy as np


def filled(m, W1, b1, W2, b2):
    net = m.InertNet((2, 3, 1))
    net.weights = [np.vstack([W1, b1]).T.copy(), np.vstack([W2, b2]).T.copy()]
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    old = [w.copy() for w in net.weights]
    net.TrainEpoch(X, T, 0.2, 0.5)
    g1, g2 = ((a - b) / 0.2 for a, b in zip(old, net.weights, strict=True))
    return g1[:, :-1].T, g1[:, -1], g2[:, :-1].T, g2[:, -1]


def loss(m, W1, b1, W2, b2, X, T):
    return filled(m, W1, b1, W2, b2).TrainEpoch(X, T, 0.0, 0.0)
