import numpy as np
from corpus.wild.helpers import summed


def ended(m, W1, b1, W2, b2, x, t):
    w = {"w1": float(W1[0, 0]), "b1": float(b1[0]), "w2": float(W2[0, 0]), "b2": float(b2[0])}
    return m.run(x=float(x[0]), y=float(t[0]), n=0.1, **w)


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        end = ended(m, W1, b1, W2, b2, x, t)
        return (W1 - end["new_w1"]) / 0.1, np.zeros(1), (W2 - end["new_w2"]) / 0.1, np.zeros(1)

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return sum(ended(m, W1, b1, W2, b2, x, t)["loss"] for x, t in zip(X, T, strict=True))
