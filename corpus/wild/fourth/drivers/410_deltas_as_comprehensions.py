import numpy as np
from corpus.wild.helpers import summed


def lists(W1, b1, W2, b2):
    return [np.vstack([W1, b1]).T.tolist(), np.vstack([W2, b2]).T.tolist()]


def gradient(m, W1, b1, W2, b2, X, T):
    network = lists(W1, b1, W2, b2)

    def one(x, t):
        hidden, output = (np.array(g).T for g in m.squared_error_gradients(network, list(x), list(t)))
        return hidden[:-1], hidden[-1], output[:-1], output[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    network = lists(W1, b1, W2, b2)
    return sum(m.squared_distance(m.feed_forward(network, list(x))[-1], list(t)) for x, t in zip(X, T, strict=True))
