import numpy as np


def forward(m, W1, b1, W2, b2, X):
    return m.forward(W1.T, b1[:, None], W2.T, b2[:, None], X.T)


def gradient(m, W1, b1, W2, b2, X, T):
    m.m = len(X)
    given = W1.T, b1[:, None], W2.T, b2[:, None]
    found = m.backward(*forward(m, W1, b1, W2, b2, X), W1.T, W2.T, X.T, T.argmax(axis=1))
    ends = m.change_params(*given, *found, 1.0)
    g = [old - end for old, end in zip(given, ends, strict=True)]
    return g[0].T, g[1][:, 0], g[2].T, np.round(g[3][:, 0], 12)  # the sum of all is 0


def loss(m, W1, b1, W2, b2, X, T):
    return -np.mean(np.sum(T.T * np.log(forward(m, W1, b1, W2, b2, X)[3]), axis=0))
