import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        dP, dQ, Ep, Eq = m.one_step(x, t, W1, W2, b1, b2)[1]
        return dP, Ep, dQ, Eq

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    Y = sigmoid(np.tanh(X @ W1 + b1) @ W2 + b2)
    return -np.sum(T * np.log(Y) + (1 - T) * np.log(1 - Y))
