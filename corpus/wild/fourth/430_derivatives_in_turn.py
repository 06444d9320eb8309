import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a)
    return e / np.sum(e, axis=1, keepdims=True)


def cost(T, Y):
    total = T * np.log(Y)
    return total.sum()


def forward(x, w1, b1, w2, b2):
    z1 = sigmoid(x.dot(w1) + b1)
    z2 = softmax(z1.dot(w2) + b2)
    return z2, z1


def slope_b2(T, Y):
    return (T - Y).sum(axis=0)


def slope_b1(T, Y, W2, Z):
    return ((T - Y).dot(W2.T) * Z * (1 - Z)).sum(axis=0)


def slope_w2(Z, T, Y):
    return Z.T.dot(T - Y)


def slope_w1(X, Z, T, Y, W2):
    dz = (T - Y).dot(W2.T) * Z * (1 - Z)
    return X.T.dot(dz)


def climb(epochs, X, w1, b1, w2, b2, T, lr):
    for epoch in range(epochs):
        output, hidden = forward(X, w1, b1, w2, b2)
        w2 += lr * slope_w2(hidden, T, output)
        b2 += lr * slope_b2(T, output)
        w1 += lr * slope_w1(X, hidden, T, output, w2)
        b1 += lr * slope_b1(T, output, w2, hidden)
    return w1, b1, w2, b2


def fit_net(D, M, K, X, T, epochs):
    w1 = np.random.randn(D, M)
    w2 = np.random.randn(M, K)
    b1 = np.random.randn(M)
    b2 = np.random.randn(K)
    return climb(epochs, X, w1, b1, w2, b2, T, 0.0001)


def predict(X, w1, b1, w2, b2):
    return np.argmax(forward(X, w1, b1, w2, b2)[0], axis=1)
