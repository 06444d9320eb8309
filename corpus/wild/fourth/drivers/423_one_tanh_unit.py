import numpy as np


def gradient(m, W1, b1, X, T):
    w = np.append(b1, W1[:, 0])
    design = np.hstack([np.ones((len(X), 1)), X])
    end = m.run(x=design, y=T[:, 0], w=w, dw=np.full(3, 1e9), enough=1e8)  # one round
    g = (w - end["w"]) / 0.05
    return g[1:, None], g[:1]


def loss(m, W1, b1, X, T):
    return np.mean((np.tanh(X @ W1 + b1) - T) ** 2)
