import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, b1, X, T):
    model = m.LinearRegression(rounds=1)
    model.m, model.n = len(X), X.shape[1]
    w, c = stepped(model, {"w": W1, "c": b1[0]}, lambda o: o.descend(T.T, X.T), 0.01)
    return w, c[None]


def loss(m, W1, b1, X, T):
    return np.mean((X @ W1 + b1 - T) ** 2)
