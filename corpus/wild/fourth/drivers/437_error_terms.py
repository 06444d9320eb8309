import numpy as np


class Drawn:
    """NumPy, whose normal draws are given."""

    def __init__(self, weights):
        self.weights = weights
        self.random = self

    def __getattr__(self, name):
        return getattr(np, name)

    def seed(self, _):
        pass

    def normal(self, **_):
        return self.weights.copy()


def gradient(m, W1, X, T):
    m.np = Drawn(W1[:, 0])
    return ((W1 - m.train_weights(X, T[:, 0], 1, 0.5)[:, None]) / 0.5,)


def loss(m, W1, X, T):
    return np.mean(m.error_of(T, m.sigmoid(X @ W1)))
