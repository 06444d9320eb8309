import numpy as np


def trained(m, W1, b1, W2, b2, X, T):
    return m.train_nn(X, T.argmax(axis=1), 4, 3, np.vstack([b1, W1]), np.vstack([b2, W2]), 1, 0.1)


def gradient(m, W1, b1, W2, b2, X, T):
    V1, V2 = trained(m, W1, b1, W2, b2, X, T)[:2]
    return (W1 - V1[1:]) / 0.1, (b1 - V1[0]) / 0.1, (W2 - V2[1:]) / 0.1, (b2 - V2[0]) / 0.1


def loss(m, W1, b1, W2, b2, X, T):
    return trained(m, W1, b1, W2, b2, X, T)[2][0]
