import numpy as np


def gradient(m, W1, b1, X, T):
    grads, _ = m.propagate(W1, b1[0], X.T, T.T)
    return grads["dw"], np.array([grads["db"]])


def loss(m, W1, b1, X, T):
    return m.propagate(W1, b1[0], X.T, T.T)[1]
