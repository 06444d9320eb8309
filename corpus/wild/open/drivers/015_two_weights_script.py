import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, X, T):
    def one(x, t):
        given = {"x1": x[0], "x2": x[1], "target": t[0], "rate": 0.01, "w1": W1[0, 0], "w2": W1[1, 0]}
        end = m.run(**given, rounds=1)
        return (np.array([[(given[w] - end[w]) / 0.01] for w in ("w1", "w2")]),)

    return summed(one, X, T)


def loss(m, W1, X, T):
    return ((sigmoid(X @ W1) - T) ** 2).sum()
