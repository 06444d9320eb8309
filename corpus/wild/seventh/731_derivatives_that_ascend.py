import numpy as np


def soft(X, W1, b1, W2, b2):
    Z = 1 / (1 + np.exp(-X.dot(W1) - b1))
    e = np.exp(Z.dot(W2) + b2)
    return e / e.sum(axis=1, keepdims=True), Z


def slope_w2(Z, T, Y):
    step = Z.T.dot(T - Y)
    return step


def slope_w1(X, Z, T, Y, W2):
    dZ = (T - Y).dot(W2.T) * Z * (1 - Z)
    step = X.T.dot(dZ)
    return step


def slope_b2(T, Y):
    return (T - Y).sum(axis=0)


def slope_b1(T, Y, W2, Z):
    return ((T - Y).dot(W2.T) * Z * (1 - Z)).sum(axis=0)


def likelihood(T, Y):
    tot = T * np.log(Y)
    return tot.sum()


def climb(X, T, W1, b1, W2, b2, rate, rounds):
    for i in range(rounds):
        Y, Z = soft(X, W1, b1, W2, b2)
        steps = slope_w1(X, Z, T, Y, W2), slope_b1(T, Y, W2, Z), slope_w2(Z, T, Y), slope_b2(T, Y)
        W1, b1, W2, b2 = (p + rate * s for p, s in zip((W1, b1, W2, b2), steps))
    return W1, b1, W2, b2
