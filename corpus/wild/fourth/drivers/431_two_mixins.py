import numpy as np
from corpus.wild.helpers import sigmoid, stepped, summed


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = {"input_weights": W1.T, "hidden_weights": W2.T[None], "output_weights": W3.T}
    given |= {"hidden_bias": np.stack([b1, b2]), "output_bias": b3}

    def one(x, t):
        g = stepped(m.nn, given, lambda o: o.back_prop(x, o.forward_prop(x), list(t), 0.1), 0.1)
        return g[0].T, g[3][0], g[1][0].T, g[3][1], g[2].T, g[4]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).sum()
