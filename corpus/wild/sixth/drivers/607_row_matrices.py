import numpy as np
from corpus.wild.helpers import sigmoid, stepped, summed

PATHS = ("levels[0].w", "levels[0].b", "levels[1].w", "levels[1].b")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, np.asmatrix(b1), W2, np.asmatrix(b2)), strict=True))

    def one(x, t):
        g = stepped(m.Stack([3, 4, 2]), given, lambda o: o.bp(np.asmatrix(t) - o.ff(np.asmatrix(x))), 1)
        return g[0], np.ravel(g[1]), g[2], np.ravel(g[3])

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
