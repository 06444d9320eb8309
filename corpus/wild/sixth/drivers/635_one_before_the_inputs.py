import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([b1, W1]).T, np.vstack([b2, W2]).T]

    def one(x, t):
        ends = m.train(tables[0].tolist(), tables[1].tolist(), x.tolist(), t.tolist(), 0.1)
        g1, g2 = ((table - end).T / 0.1 for table, end in zip(tables, ends, strict=True))
        return g1[1:], g1[0], g2[1:], g2[0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
