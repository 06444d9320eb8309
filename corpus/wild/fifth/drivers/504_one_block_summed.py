import numpy as np
from corpus.wild.helpers import sigmoid, softmax, stepped

PATHS = ("_hw", "_hb", "_ow", "_ob")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))
    net = m.HiddenLayerClassifier(4, 1, 0.1)

    def initialise(X, y):
        net._X, net._y = X, m.hot(y)

    net._initialise = initialise  # the weights are given
    g = stepped(net, given, lambda o: o.fit(X, T.argmax(axis=1)), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return -np.mean(np.sum(T * np.log(softmax(sigmoid(X @ W1 + b1) @ W2 + b2)), axis=1))
