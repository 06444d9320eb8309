import numpy as np


def ended(m, W1, b1, X, T):
    return m.run(X=X, y=T[:, 0], theta=np.append(b1, W1), n_rounds=1, alpha=0.1)


def gradient(m, W1, b1, X, T):
    g = (np.append(b1, W1) - ended(m, W1, b1, X, T)["theta"]) / 0.1
    return g[1:, None], g[:1]


def loss(m, W1, b1, X, T):
    return ended(m, W1, b1, X, T)["costs"][0]
