import numpy as np
from corpus.wild.helpers import sigmoid, summed

NAMES = ("mid_w", "mid_b", "out_w", "out_b")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(NAMES, (W1, b1, W2, b2), strict=True))

    def one(x, t):
        end = m.run(samples=[x.tolist()], wanted=[t.tolist()], **{name: v.tolist() for name, v in given.items()})
        return [(old - np.array(end[name])) / 0.5 for name, old in given.items()]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
