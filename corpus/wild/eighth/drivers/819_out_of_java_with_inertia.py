import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        m.hweight, m.hweight2 = W1.tolist(), W1.tolist()
        m.hbias, m.hbias2 = b1.tolist(), b1.tolist()
        m.oweight, m.oweight2 = W2.ravel().tolist(), W2.ravel().tolist()
        m.obias = m.obias2 = float(b2[0])
        m.forward(x.tolist())
        m.update_output(x.tolist(), float(t[0]))
        ends = np.array(m.hweight), np.array(m.hbias), np.array(m.oweight)[:, None], np.array([m.obias])
        return [(start - end) / 0.3 for start, end in zip((W1, b1, W2, b2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
