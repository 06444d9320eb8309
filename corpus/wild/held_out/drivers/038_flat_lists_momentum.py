import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        V1, V2 = np.vstack([b1, W1]).T, np.vstack([b2, W2]).T
        ih, ho, _, _ = m.one_step(list(x), list(t), V1.ravel().tolist(), V2.ravel().tolist(), [], [])
        d1, d2 = (V1 - np.reshape(ih, V1.shape)) / 0.1, (V2 - np.reshape(ho, V2.shape)) / 0.1
        return d1[:, 1:].T, d1[:, 0], d2[:, 1:].T, d2[:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
