import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, X, T):
    def one(x, t):
        end = m.run(w=W1[0, 0], b=b1[0], x=x[0], y=t[0], epochs=1)
        return np.array([[(W1[0, 0] - end["w"]) / 0.15]]), np.array([(b1[0] - end["b"]) / 0.15])

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return 0.5 * ((sigmoid(X @ W1 + b1) - T) ** 2).sum()
