import numpy as np


def squash(x):
    return 1.0 / (1.0 + np.exp(-x))


def tanh_slope(x):
    return 1 - np.tanh(x) ** 2


def train(x, t, V, W, bv, bw):
    A = np.dot(x, V) + bv
    Z = np.tanh(A)
    Y = squash(np.dot(Z, W) + bw)
    Ew = Y - t
    Ev = tanh_slope(A) * np.dot(W, Ew)
    dW = np.outer(Z, Ew)
    dV = np.outer(x, Ev)
    loss = -np.mean(t * np.log(Y) + (1 - t) * np.log(1 - Y))
    return loss, (dV, dW, Ev, Ew)
