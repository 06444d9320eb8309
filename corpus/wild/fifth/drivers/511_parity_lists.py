import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, b1, W2):
    net = m.ParityNet(3, 4, 2, [0.1] * 9)
    net.w_ih, net.w_ho = np.vstack([W1, b1]).tolist(), W2.tolist()
    return net


def gradient(m, W1, b1, W2, X, T):
    V1 = np.vstack([W1, b1])

    def one(x, t):
        net = filled(m, W1, b1, W2)
        net.train([[x.tolist(), t.tolist()]], 1, 0.1, 0.0)
        g1 = (V1 - np.array(net.w_ih)) / 0.1
        return g1[:-1], g1[-1], (W2 - np.array(net.w_ho)) / 0.1

    return summed(one, X, T)


def loss(m, W1, b1, W2, X, T):
    total = 0.0
    for x, t in zip(X, T, strict=True):
        net = filled(m, W1, b1, W2)
        net.run(x.tolist())
        total += net.back(t.tolist(), 0.0, 0.0)
    return total
