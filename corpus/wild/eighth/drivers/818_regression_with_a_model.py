import numpy as np
from corpus.wild.helpers import softmax


def gradient(m, W1, b1, X, T):
    theta, bias = W1.copy(), b1.copy()
    m.softmax_regression(X, T.argmax(axis=1), 0.1, 1, theta, bias)
    return (W1 - theta) / 0.1, (b1 - bias) / 0.1


def loss(m, W1, b1, X, T):
    return -(T * np.log(softmax(X @ W1 + b1))).sum() + 0.5 * (W1**2).sum()
