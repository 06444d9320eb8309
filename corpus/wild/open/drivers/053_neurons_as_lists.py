import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = [np.vstack([W1, b1]).T.tolist(), np.vstack([W2, b2]).T.tolist()]
        m.backpropagate(net, list(x), list(t))
        d1, d2 = np.vstack([W1, b1]) - np.array(net[0]).T, np.vstack([W2, b2]) - np.array(net[1]).T
        return d1[:-1], d1[-1], d2[:-1], d2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net = [np.vstack([W1, b1]).T.tolist(), np.vstack([W2, b2]).T.tolist()]
    return sum(0.5 * ((np.array(m.feed_forward(net, list(x))[-1]) - t) ** 2).sum() for x, t in zip(X, T, strict=True))
