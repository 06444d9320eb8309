import numpy as np


def rectify(z):
    return np.maximum(z, 0)


def softmax(z):
    return np.exp(z) / sum(np.exp(z))


def f_propagation(a0, w1, b1, w2, b2):
    z1 = a0.dot(w1) + b1
    a1 = rectify(z1)
    z2 = a1.dot(w2) + b2
    a2 = softmax(z2)
    return z1, a1, z2, a2


def encoded(y):
    table = np.zeros((np.size(y), 3))
    table[np.arange(y.size), y] = 1
    return table


def b_propagation(x, y, z1, w1, a1, z2, w2, a2):
    m = len(x)
    d = a2 - encoded(y)
    dw2 = 1 / m * a1.T.dot(d)
    db2 = 1 / m * np.sum(d, axis=0)
    dw1 = 1 / m * x.T.dot(w2.dot(d.T).T * (z1 > 0))
    db1 = 1 / m * np.sum(w2.dot(d.T).T * (z1 > 0), axis=0)
    return dw2, db2, dw1, db1
