import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        end = m.run(x=x, wanted=t[0], to_first=W1[:, 0], to_second=W1[:, 1], to_out=W2[:, 0])
        g1 = W1 - np.column_stack([end["to_first"], end["to_second"]])
        return g1, W2 - end["to_out"][:, None]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
