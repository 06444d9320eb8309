import numpy as np
from corpus.wild.helpers import stepped, summed

PATHS = ("ih_weights", "h_biases", "ho_weights", "o_biases")


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
        row = np.concatenate([x, t])[None]
        return stepped(m.Net(2, 3, 3, 1), given, lambda o: o.train(row, 1, 0.05, 0.75), 0.05)

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.Net(2, 3, 3, 1)
    net.ih_weights, net.h_biases, net.ho_weights, net.o_biases = W1, b1, W2, b2
    return net.mean_squared_error(np.hstack([X, T]))
