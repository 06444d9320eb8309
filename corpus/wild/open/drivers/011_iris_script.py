import numpy as np
from corpus.wild.helpers import softmax


def gradient(m, W1, b1, X, T):
    given = np.vstack([b1, W1])
    g = (given - m.run(data=X, target=T.argmax(axis=1), param=given, rounds=1)["param"]) / 0.001
    return g[1:], g[0]


def loss(m, W1, b1, X, T):
    return -(T * np.log(softmax(X @ W1 + b1))).sum()
