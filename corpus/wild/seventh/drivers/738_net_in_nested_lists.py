import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, b1]), np.vstack([W2, b2])]

    def one(x, t):
        m.init_new([3, 4, 2], 0.5)
        m.NET = [table.tolist() for table in tables]
        m.train_net(x.tolist(), t.tolist())
        g1, g2 = ((table - np.array(end)) / 0.5 for table, end in zip(tables, m.NET, strict=True))
        return g1[:-1], g1[-1], g2[:-1], g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
