import numpy as np
from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    tables = {"v": np.vstack([W1, -b1]), "w": np.vstack([W2, -b2])}
    end = m.run(x=X, t=T, eta=0.2, rounds=1, **tables)
    g1, g2 = ((table - end[name]) / 0.2 for name, table in tables.items())
    return g1[:-1], -g1[-1], g2[:-1], -g2[-1]


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(4 * (sigmoid(4 * (X @ W1 + b1)) @ W2 + b2)) - T) ** 2).sum()
