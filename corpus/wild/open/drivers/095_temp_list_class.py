import numpy as np


def net_of(m, W1, b1, W2, b2):
    net = m.MLP(3, 4, 1)
    net.w1, net.b1, net.w2, net.b2 = W1, b1[None], W2, b2[None]
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = net_of(m, W1, b1, W2, b2)
    net.forward(X[::-1] + 1)
    net.backward(X, net.forward(X), T)
    return net.w1_, np.full(b1.shape, net.b1_), net.w2_.T, np.full(b2.shape, net.b2_)


def loss(m, W1, b1, W2, b2, X, T):
    net = net_of(m, W1, b1, W2, b2)
    return net.mse(net.forward(X), T)
