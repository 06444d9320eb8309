import numpy as np
from corpus.wild.helpers import sigmoid, stepped

PATHS = ('param["W1"]', 'param["b1"]', 'param["W2"]', 'param["b2"]', 'param["W3"]', 'param["b3"]')


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]), strict=True))
    g = stepped(m.ReseauDico([3, 4, 3, 1], X.T, T.T, 0.2), given, lambda o: o.apprendre(1), 0.2)
    return [part[:, 0] if i % 2 else part.T for i, part in enumerate(g)]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    p = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return -np.mean(T * np.log(p) + (1 - T) * np.log(1 - p))
