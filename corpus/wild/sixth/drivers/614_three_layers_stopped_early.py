import numpy as np
from corpus.wild.helpers import sigmoid, summed

NAMES = ("w1", "b1", "w2", "b2", "w3", "b3")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = dict(zip(NAMES, (W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]), strict=True))

    def one(x, t):
        end = m.run(x_train=x[None], y_train=t[None], max_epoch=1, **given)
        g = [(old - end[name]) / 0.1 for name, old in given.items()]
        return [part[:, 0] if i % 2 else part.T for i, part in enumerate(g)]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    out = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return np.sum((out - T) ** 2)
