import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.RedeDeCinco()
        for n, w, b in zip(net.neuronios[2:], (*W1.T, W2.ravel()), (*b1, *b2), strict=True):
            n.peso, n.limiar = w.tolist(), float(b)
        net.busca(x.tolist()).recalcula_erro(float(t[0]))
        hidden, out = net.neuronios[2:4], net.neuronios[4]
        ends = (
            np.array([n.peso for n in hidden]).T,
            np.array([n.limiar for n in hidden]),
            np.array(out.peso)[:, None],
            np.array([out.limiar]),
        )
        return [(start - end) / 0.8 for start, end in zip((W1, b1, W2, b2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
