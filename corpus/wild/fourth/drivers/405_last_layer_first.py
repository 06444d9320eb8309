import numpy as np


def gradient(m, W1, b1, W2, b2, X, T):
    forward = m.forward(X.T, W1.T, b1[:, None], W2.T, b2[:, None])
    dW2, db2, dW1, db1 = m.backward(X.T, T.T, W2.T, *forward, len(X))
    return dW1.T, db1[:, 0], dW2.T, db2[:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    A2 = m.forward(X.T, W1.T, b1[:, None], W2.T, b2[:, None])[3]
    return -np.mean(np.sum(T.T * np.log(A2), axis=0))
