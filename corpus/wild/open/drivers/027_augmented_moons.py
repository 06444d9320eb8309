import numpy as np


def gradient(m, W1, b1, W2, b2, X, T):
    V1, V2 = np.vstack([W1, b1]).T, np.vstack([W2, b2]).T
    m.X_full = np.concatenate((X, np.ones((len(X), 1))), axis=1)
    H, H_full, _, probs = m.forward(X, V1, V2)
    d2, d1 = m.backward(probs, T, H_full, V2, H)
    return d1.T[:-1], d1.T[-1], d2.T[:-1], d2.T[-1]


def loss(m, W1, b1, W2, b2, X, T):
    Y = m.forward(X, np.vstack([W1, b1]).T, np.vstack([W2, b2]).T)[-1]
    return (-T * np.log(Y) - (1 - T) * np.log(1 - Y)).sum()
