import numpy as np
from corpus.wild.helpers import sigmoid, stepped, summed


def gradient(m, W1, b1, X, T):
    def one(x, t):
        given = {"weights": W1[:, 0], "bias": b1[0]}
        dw, db = stepped(m.Neuron(3), given, lambda o: o.backward(o.forward(x) - t[0], 0.1), 0.1)
        return dw[:, None], np.array([db])

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return 0.5 * ((sigmoid(X @ W1 + b1) - T) ** 2).sum()
