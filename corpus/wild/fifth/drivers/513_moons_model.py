from types import SimpleNamespace

import numpy as np

NAMES = ("w1", "b1", "w2", "b2")


def gradient(m, W1, b1, W2, b2, X, T, l2):
    given = {"w1": W1, "b1": b1[None], "w2": W2, "b2": b2[None]}
    weights, biases = iter([W1 * np.sqrt(2), W2 * np.sqrt(4)]), iter([b1[None], b2[None]])
    drawn = SimpleNamespace(randn=lambda *_: next(weights))
    m.np = SimpleNamespace(**{**vars(np), "random": drawn, "zeros": lambda _: next(biases).copy()})
    m.X, m.y, m.N = X, T.argmax(axis=1), len(X)
    m.lam = 2 * l2 * len(X)
    end = m.make_model(4, 1, 0.1, m.lam)
    g = {name: (given[name] - end[name]) / 0.1 for name in NAMES}
    return g["w1"], g["b1"][0], g["w2"], g["b2"][0]


def loss(m, W1, b1, W2, b2, X, T, l2):
    m.N, m.lam = len(X), 2 * l2 * len(X)
    return m.model_loss({"w1": W1, "b1": b1[None], "w2": W2, "b2": b2[None]}, X, T.argmax(axis=1))
