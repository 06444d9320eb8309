import numpy as np


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.Network(2, 4, 3)
    net.W1, net.b1, net.W2, net.b2 = W1, b1[None], W2, b2[None]
    net.forward(X)
    net.backward(T)
    return net.dW1, net.db1[0], net.dW2, net.db2[0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.Network(2, 4, 3)
    net.W1, net.b1, net.W2, net.b2 = W1, b1[None], W2, b2[None]
    return -(T * np.log(net.forward(X))).sum() / len(X)
