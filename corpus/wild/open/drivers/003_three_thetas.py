import numpy as np


def gradient(m, W1, b1, W2, b2, W3, b3, X, T, l2):
    thetas = [np.vstack([b, W]).T for W, b in ((W1, b1), (W2, b2), (W3, b3))]
    D1, D2, D3 = m.cost_and_deltas(*thetas, X, T, 2 * l2 * len(X))[1:4]
    return D1[:, 1:].T, D1[:, 0], D2[:, 1:].T, D2[:, 0], D3[:, 1:].T, D3[:, 0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T, l2):
    thetas = [np.vstack([b, W]).T for W, b in ((W1, b1), (W2, b2), (W3, b3))]
    return m.cost_and_deltas(*thetas, X, T, 2 * l2 * len(X))[0]
