import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        end = m.run(xs=x.tolist(), t=t.tolist(), v=W1.ravel().tolist(), w=W2.ravel().tolist(), lr=0.1)
        ends = np.reshape(end["v_new"], W1.shape), np.reshape(end["w_new"], W2.shape)
        return (W1 - ends[0]) / 0.1, (W2 - ends[1]) / 0.1

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
