import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, X, T):
    table = np.vstack([W1, b1])

    def one(x, t):
        given = {"w_in_hid": table, "w_hid_out": W2.T.copy()}
        end = m.run(train_inp=x[None], train_out=t[None], epochs=1, alr=0.1, **given)
        g1 = (table - end["w_in_hid"]) / 0.1
        return g1[:-1], g1[-1], (W2 - end["w_hid_out"].T) / 0.01

    return summed(one, X, T)


def loss(m, W1, b1, W2, X, T):
    return 0.5 * ((np.tanh(X @ W1 + b1) @ W2 - T) ** 2).sum()
