import numpy as np

NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def parameters(*P):
    return {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    cache = m.forward_with_dropout(X.T, parameters(W1, b1, W2, b2, W3, b3), 0.5)[1]
    g = m.backward_with_dropout(X.T, T.T, cache, 0.5)
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    Y = m.forward_with_dropout(X.T, parameters(W1, b1, W2, b2, W3, b3), 0.5)[0].T
    return -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).mean()
