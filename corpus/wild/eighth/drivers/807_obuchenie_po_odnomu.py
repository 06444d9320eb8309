import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        m.V1, m.V2 = W1.T.copy(), W2.ravel().copy()
        m.obuchit([(*x, *t)], N=1, shag=0.01)
        return (W1 - m.V1.T) / 0.01, (W2 - m.V2[:, None]) / 0.01

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 / 2) @ W2 / 2) - T) ** 2).sum()
