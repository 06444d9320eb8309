import numpy as np


def filled(m, W1, b1, W2, b2):
    net = m.BPNetwork()
    net.setup(2, 4, 1)
    net.hid_weights, net.out_weights = W1.T.tolist(), W2.T.tolist()
    net.hid_bias, net.out_bias = (-b1).tolist(), (-b2).tolist()
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    m.train(net, X, T[:, 0], 0.1)
    g1, g2 = W1 - np.array(net.hid_weights).T, W2 - np.array(net.out_weights).T
    return g1 / 0.1, (np.array(net.hid_bias) + b1) / 0.1, g2 / 0.1, (np.array(net.out_bias) + b2) / 0.1


def loss(m, W1, b1, W2, b2, X, T):
    return m.train(filled(m, W1, b1, W2, b2), X, T[:, 0], 0.0) / len(X)
