import numpy as np
from corpus.wild.helpers import sigmoid, stepped, summed


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"layers[0]": np.vstack([W1, b1]).T, "layers[1]": np.vstack([W2, b2]).T}

    def one(x, t):
        g1, g2 = stepped(m.Network(2, 4, 2), given, lambda o: o.backpropagate(x, t), 0.1)
        return g1[:, :-1].T, g1[:, -1], g2[:, :-1].T, g2[:, -1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
