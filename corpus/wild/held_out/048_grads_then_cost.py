import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def propagate(w, b, X, Y):
    n = X.shape[1]
    A = squash(np.dot(w.T, X) + b)
    cost = -np.sum((Y * np.log(A)) + ((1 - Y) * np.log(1 - A))) / n
    dw = np.dot(X, (A - Y).T) / n
    db = np.sum((A - Y) / n)
    assert dw.shape == w.shape
    assert db.dtype == float
    cost = np.squeeze(cost)
    assert cost.shape == ()
    return {"dw": dw, "db": db}, cost
