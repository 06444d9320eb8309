import numpy as np
from corpus.wild.helpers import relu, summed


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w_in": W1, "b_in": b1[None], "w_out": W2, "b_out": b2[None]}

    def one(x, t):
        end = m.run(sample=x[None], wanted=t[None], n_steps=1, **given)
        g = [(old - end[name]) / 0.001 for name, old in given.items()]
        return g[0], g[1][0], g[2], g[3][0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return np.sum(((relu(X @ W1) + b1) @ W2 + b2 - T) ** 2)
