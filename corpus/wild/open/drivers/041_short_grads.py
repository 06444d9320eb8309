import numpy as np


def gradient(m, W1, W2, X, T):
    return tuple(m.grads(X, T, [W1, W2]))


def loss(m, W1, W2, X, T):
    Y = m.feed_forward(X, [W1, W2])[-1]
    return -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).sum() / len(X)
