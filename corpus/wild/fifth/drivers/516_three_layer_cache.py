import numpy as np

NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def filled(m, *P):
    net = m.FaceNet(4, 5, 4, 3)
    vars(net).update(zip(NAMES, P, strict=True))
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    g = net.backward(net.forward(X)[1], T.argmax(axis=1))
    return tuple(g[name] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return -np.mean(np.sum(T * np.log(filled(m, W1, b1, W2, b2, W3, b3).forward(X)[0]), axis=1))
