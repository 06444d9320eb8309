import numpy as np


def gradient(m, W1, b1, W2, b2, X, T):
    z1, a1, z2, a2 = m.f_propagation(X, W1, b1[None], W2, b2[None])
    dw2, db2, dw1, db1 = m.b_propagation(X, T.argmax(axis=1), z1, W1, a1, z2, W2, a2)
    return dw1, db1, dw2, db2


def loss(m, W1, b1, W2, b2, X, T):
    return -(T * np.log(m.f_propagation(X, W1, b1[None], W2, b2[None])[-1])).sum() / len(X)
