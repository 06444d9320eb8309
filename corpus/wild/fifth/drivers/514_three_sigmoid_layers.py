import numpy as np
from corpus.wild.helpers import stepped

PATHS = ("weights_in_hid1", "bias_hid1", "weights_hid1_hid2", "bias_hid2", "weights_hid2_out", "bias_out")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2, W3, b3), strict=True))
    return stepped(m.FlowerNet(3, 4, 4, 3), given, lambda o: o.train(X, T, 1, 0.1), 0.1)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = m.FlowerNet(3, 4, 4, 3)
    vars(net).update(zip(PATHS, (W1, b1, W2, b2, W3, b3), strict=True))
    return np.mean((T - net.feed(X)) ** 2)
