import numpy as np
from corpus.wild.helpers import summed


def ended(m, W1, b1, x, t):
    return m.run(x=float(x[0]), wanted=float(t[0]), w=float(W1[0, 0]), b=float(b1[0]), rate=0.01, rounds=1)


def gradient(m, W1, b1, X, T):
    def one(x, t):
        end = ended(m, W1, b1, x, t)
        return (W1 - end["w"]) / 0.01, np.array([(b1[0] - end["b"]) / 0.01])

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return sum(ended(m, W1, b1, x, t)["loss"] for x, t in zip(X, T, strict=True))
