import numpy as np
from corpus.wild.helpers import stepped, summed


def gradient(m, W1, b1, X, T):
    def one(x, t):
        given = {"weights": W1, "biases": b1[None]}
        g = stepped(m.Layer(3, 2), given, lambda o: o.backward(o.forward(x[None]) - t, 0.1), 0.1)
        return g[0], g[1][0]

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return 0.5 * ((np.tanh(X @ W1 + b1) - T) ** 2).sum()
