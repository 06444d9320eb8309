import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, b1]), np.vstack([W2, b2])]

    def one(x, t):
        given = {name: table.tolist() for name, table in zip("wv", tables, strict=True)}
        end = m.run(x=[x.tolist()], yr=[t.tolist()], patrones=1, vueltas=1, n=0.07, **given)
        g1, g2 = ((table - np.array(end[name])) / 0.07 for name, table in zip("wv", tables, strict=True))
        return g1[:-1], g1[-1], g2[:-1], g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(X @ W1 + b1) @ W2 + b2 - T) ** 2).sum()
