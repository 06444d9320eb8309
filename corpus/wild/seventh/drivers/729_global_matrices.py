import numpy as np
from corpus.wild.helpers import sigmoid, softmax, summed


def gradient(m, W1, W2, X, T):
    m.RATE = 0.1

    def one(x, t):
        m.W1, m.W2 = W1.copy(), W2.copy()
        y, z1 = m.there(x[None])
        m.back(x[None], z1, y, t[None])
        return (W1 - m.W1) / 0.1, (W2 - m.W2) / 0.1

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return -(T * np.log(softmax(sigmoid(X @ W1) @ W2))).sum()
