import numpy as np
from corpus.wild.helpers import sigmoid, stepped

PATHS = ("agirlik_gizli", "sapma_gizli", "agirlik_cikis", "sapma_cikis")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))
    g = stepped(m.KapiAgi(), given, lambda o: o.egit(X, T, 1, 0.1), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return np.mean((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2)
