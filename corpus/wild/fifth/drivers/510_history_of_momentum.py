import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, b2, X, T):
    V2 = np.vstack([b2, W2])

    def one(x, t):
        end = m.run(rows=x[None], wanted=t[None], n_rows=1, rounds=1, p=W1, q=V2)
        g2 = V2 - end["q"]
        return W1 - end["p"], g2[1:], g2[0]

    return summed(one, X, T)


def loss(m, W1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2 + b2) - T) ** 2).sum()
