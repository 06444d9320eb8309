import numpy as np
from corpus.wild.helpers import summed

NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8")


def ended(m, W1, W2, x, t):
    weights = np.concatenate([W1.T.ravel(), W2.T.ravel()])
    given = dict(zip(NAMES, (float(w) for w in weights), strict=True))
    inputs = {"i1": float(x[0]), "i2": float(x[1]), "t1": float(t[0]), "t2": float(t[1]), "b1": 0.0, "b2": 0.0}
    end = m.run(rounds=1, rate=0.5, **inputs, **given)
    return end, (weights - np.array([end[name] for name in NAMES])) / 0.5


def gradient(m, W1, W2, X, T):
    def one(x, t):
        first, second = np.split(ended(m, W1, W2, x, t)[1].reshape(4, 2), 2)
        return first.T, second.T

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return sum(ended(m, W1, W2, x, t)[0]["total"] for x, t in zip(X, T, strict=True))
