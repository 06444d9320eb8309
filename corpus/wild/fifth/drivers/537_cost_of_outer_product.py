import numpy as np


def gradient(m, W1, b1, X, T):
    g = m.cost_and_grads(W1, b1[0], X.T, T.T)[0]
    return g["dw"], np.array([g["db"]])


def loss(m, W1, b1, X, T):
    return m.cost_and_grads(W1, b1[0], X.T, T.T)[1]
