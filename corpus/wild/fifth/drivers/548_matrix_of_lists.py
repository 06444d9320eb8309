import numpy as np
from corpus.wild.helpers import sigmoid, summed

PARTS = ("w_ih", "b_h", "w_ho", "b_o")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PARTS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))

    def one(x, t):
        net = m.ToyNetwork(2, 4, 2)
        for name, value in given.items():
            getattr(net, name).data = value.tolist()
        net.train(x.tolist(), t.tolist())
        g = [(value - np.array(getattr(net, name).data)) / net.rate for name, value in given.items()]
        return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
