import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        m.NET[:] = [np.vstack([W1, b1]).tolist(), np.vstack([W2, b2]).tolist()]
        m.train_net(list(x), list(t))
        d1, d2 = (np.vstack([W1, b1]) - m.NET[0]) / 0.5, (np.vstack([W2, b2]) - m.NET[1]) / 0.5
        return d1[:-1], d1[-1], d2[:-1], d2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
