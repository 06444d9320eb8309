import numpy as np
from corpus.wild.helpers import stepped


def gradient(m, W1, b1, X, T):
    net = m.LinearRegression(0.1, 0)
    net.fit(X, T[:, 0])
    dW, db = stepped(net, {"W": W1[:, 0], "b": b1[0]}, lambda o: o.update_weights(), 0.1)
    return dW[:, None], np.array([db])


def loss(m, W1, b1, X, T):
    return ((X @ W1 + b1 - T) ** 2).mean()
