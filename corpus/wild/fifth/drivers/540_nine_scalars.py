import numpy as np
from corpus.wild.helpers import stepped, summed

NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")


def given(W1, b1, W2, b2):
    return dict(zip(NAMES, [float(v) for v in (*W1.T.ravel(), *W2.ravel(), *b1, *b2)], strict=True))


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        start = given(W1, b1, W2, b2)
        g = np.array(stepped(m.SmallNetwork(), start, lambda o: o.train(x[None], t, 0.1, 1), 0.1))
        return g[:4].reshape(2, 2).T, g[6:8], g[4:6, None], g[8:]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.SmallNetwork()
    vars(net).update(given(W1, b1, W2, b2))
    return sum(m.mean_squares(t, net.run(x)) for x, t in zip(X, T, strict=True))
