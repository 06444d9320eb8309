import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    red = m.RedNeuronal([2, 3, 2])
    red.pesos, red.sesgos = [W1.T.tolist(), W2.T.tolist()], [b1.tolist(), b2.tolist()]

    def one(x, t):
        red.forward(x.tolist())
        red.backward(t.tolist())
        (w1, w2), (c1, c2) = red.gradientes_pesos, red.gradientes_sesgos
        return np.array(w1).T, np.array(c1), np.array(w2).T, np.array(c2)

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
