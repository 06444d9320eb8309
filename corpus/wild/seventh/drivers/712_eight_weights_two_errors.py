import numpy as np
from corpus.wild.helpers import summed

NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8")


def ended(m, W1, W2, x, t):
    weights = np.concatenate([W1.ravel(), W2.ravel()])
    given = dict(zip(NAMES, (float(w) for w in weights), strict=True))
    end = m.run(x1=float(x[0]), x2=float(x[1]), y1=float(t[0]), y2=float(t[1]), **given)
    return end, np.array([end["d_" + name] for name in NAMES])


def gradient(m, W1, W2, X, T):
    return summed(lambda x, t: np.split(ended(m, W1, W2, x, t)[1].reshape(4, 2), 2), X, T)


def loss(m, W1, W2, X, T):
    return sum(ended(m, W1, W2, x, t)[0]["error"] for x, t in zip(X, T, strict=True))
