import numpy as np
from corpus.wild.helpers import stepped, summed

PATHS = ("network[0].weights", "network[0].bias", "network[2].weights", "network[2].bias")


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))
        g = stepped(m, given, lambda o: o.train_step(x[:, None], t[:, None], 0.1), 0.1)
        return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    Y = np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2)
    return sum(m.mse(t, y) for t, y in zip(T, Y, strict=True))
