import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def forward_propagation(X, Y, w, b):
    n = X.shape[1]
    A = squash(np.dot(w.T, X) + b)
    cost = (-1 / n) * np.sum((Y * np.log(A)) + (1 - Y) * np.log(1 - A))
    return A, cost


def backward_propagation(X, Y, A):
    n = X.shape[1]
    dz = (1 / n) * (A - Y)
    dw = np.dot(X, dz.T)
    db = np.sum(dz)
    return dw, db
