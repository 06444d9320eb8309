import numpy as np
from corpus.wild.helpers import sigmoid, stepped

PATHS = ("w1", "b1", "w2", "b2")


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.ShellNet(1, 0.1, 4, "random", "sigmoid")
    net.draw = lambda: None  # the weights are given
    given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))
    g = stepped(net, given, lambda o: o.fit(X.T, T.argmax(axis=1)), 0.1)
    return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    out = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return -np.sum(T * np.log(out) + (1 - T) * np.log(1 - out)) / len(X)
