import numpy as np
from corpus.wild.helpers import stepped, summed


def gradient(m, W1, b1, W2, X, T):
    given = {"W[0]": np.vstack([W1, b1]), "W[1]": W2}

    def one(x, t):
        g1, g2 = stepped(m.BiasTrickNet([2, 3, 2]), given, lambda o: o.fit_one(np.append(x, 1), t), 0.1)
        return g1[:-1], g1[-1], g2

    return summed(one, X, T)


def loss(m, W1, b1, W2, X, T):
    net = m.BiasTrickNet([2, 3, 2])
    net.W = [np.vstack([W1, b1]), W2]
    return net.loss_of(np.c_[X, np.ones(len(X))], T)
