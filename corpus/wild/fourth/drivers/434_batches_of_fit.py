import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, b1, W2, b2, X, T):
    def act(o):
        m.np.random.seed(0)  # one order of the samples
        o.fit(X, T.argmax(axis=1), 0.1, 1)

    return stepped(m.DigitNet(2, 4, 3), {"w1": W1, "b1": b1, "w2": W2, "b2": b2}, act, 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.DigitNet(2, 4, 3)
    net.w1, net.b1, net.w2, net.b2 = W1, b1, W2, b2
    return -np.sum(T * np.log(net.forward(X))) / len(X)
