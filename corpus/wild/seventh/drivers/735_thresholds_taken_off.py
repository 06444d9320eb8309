import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.SeriesNet([4, 5, 1], np.concatenate([x, t])[None])
        net.W1, net.B1, net.W2, net.B2 = W1.copy(), -b1[None], W2.copy(), -b2[None]
        net.run(1)
        return (W1 - net.W1) / 0.1, (b1 + net.B1[0]) / 0.1, (W2 - net.W2) / 0.1, (b2 + net.B2[0]) / 0.1

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
