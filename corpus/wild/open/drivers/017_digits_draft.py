import numpy as np


def gradient(m, W1, b1, W2, b2, X, T):
    Z1, A1, Z2, A2 = m.forward(W1.T, b1[:, None], W2.T, b2[:, None], X.T)
    return m.back_prop(Z1, A1, Z2, A2, W2.T, X.T, T.argmax(axis=1))


def loss(m, W1, b1, W2, b2, X, T):
    return -(T.T * np.log(m.forward(W1.T, b1[:, None], W2.T, b2[:, None], X.T)[-1])).sum() / len(X)
