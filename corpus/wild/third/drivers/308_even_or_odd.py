import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        db1, db2, dw1, dw2 = m.backprop(x, t, W1[0, 0], W2[0, 0], b1[0], b2[0])
        return tuple(np.array(d) / m.LEARNING_RATE for d in ([[dw1]], [db1], [[dw2]], [db2]))

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return m.cost(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T).sum()
