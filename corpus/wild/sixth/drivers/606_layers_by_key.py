import numpy as np
from corpus.wild.helpers import sigmoid, stepped

PATHS = ("w[1]", "b[1]", "w[2]", "b[2]", "w[3]", "b[3]")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None], W3.T, b3[:, None]), strict=True))
    g = stepped(m.KeyedNet(3, (4, 3), 2), given, lambda o: o.fit(X, T[:, :, None], 1, 0.1), 0.1)
    return [part[:, 0] if i % 2 else part.T for i, part in enumerate(g)]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    out = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return 0.5 * np.sum((out - T) ** 2) / len(X)
