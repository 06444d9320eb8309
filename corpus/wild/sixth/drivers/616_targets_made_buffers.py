import numpy as np


def filled(m, W1, b1, W2, b2):
    net = m.MoonsNet.drawn(4, 1)
    net.hidden_w, net.hidden_b, net.out_w, net.out_b = W1.T.tolist(), b1.tolist(), W2[:, 0].tolist(), float(b2[0])
    return net


def points(m, X, T):
    return [m.Point(*x, t[0]) for x, t in zip(X, T, strict=True)]


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    m.one_epoch(net, points(m, X, T))
    g = [np.array(part) for part in (net.grad_hidden_w, net.grad_hidden_b, net.grad_out_w, net.grad_out_b)]
    return g[0].T, g[1], g[2][:, None], g[3].reshape(1)


def loss(m, W1, b1, W2, b2, X, T):
    return m.one_epoch(filled(m, W1, b1, W2, b2), points(m, X, T))
