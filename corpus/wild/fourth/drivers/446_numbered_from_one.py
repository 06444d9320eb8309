import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = {"w": np.zeros((7, 2)), "v": np.zeros((4, 7)), "u": np.append(b3, W3)}
    given["w"][1:, 0], given["w"][1:, 1] = b1, W1[0]
    given["v"][1:, 0], given["v"][1:, 1:] = b2, W2.T

    def one(x, t):
        end = m.run(dataX=x, dataY=t, data_size=1, rounds=1, **given)
        w, v, u = ((old - end[name]) / 0.1 for name, old in given.items())
        return w[1:, 1][None], w[1:, 0], v[1:, 1:].T, v[1:, 0], u[1:, None], u[:1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3 - T) ** 2).sum()
