import numpy as np


def gradient(m, W1, b1, X, T):
    grads, _ = m.propagate(W1.T, b1[0], X, T.T)
    return grads["dw"].T, np.array([grads["db"]])


def loss(m, W1, b1, X, T):
    return m.propagate(W1.T, b1[0], X, T.T)[1]
