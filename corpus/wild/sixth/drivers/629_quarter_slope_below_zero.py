import numpy as np
from corpus.wild.helpers import summed


def ended(m, W1, b1, x, t):
    return m.run(X=x, Y=t[0], W=W1[:, 0], b=b1[0], epochs=1, rate=0.1)


def gradient(m, W1, b1, X, T):
    def one(x, t):
        end = ended(m, W1, b1, x, t)
        return (W1[:, 0] - end["W"])[:, None] / 0.1, (b1 - end["b"]) / 0.1

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return sum(float(np.squeeze(ended(m, W1, b1, x, t)["L"])) for x, t in zip(X, T, strict=True))
