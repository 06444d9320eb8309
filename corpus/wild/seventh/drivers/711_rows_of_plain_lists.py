import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        given = {"w_hid": W1.T.tolist(), "w_out": W2.T.tolist()}
        end = m.run(samples=[x.tolist()], wanted=[t.tolist()], epochs=1, rate=0.5, **given)
        return (W1 - np.array(end["w_hid"]).T) / 0.5, (W2 - np.array(end["w_out"]).T) / 0.5

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
