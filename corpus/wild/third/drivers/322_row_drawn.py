import numpy as np
from corpus.wild.helpers import stepped

DRAWS = 25  # so many that two runs of them differ


def gradient(m, W1, b1, W2, X, T):
    given = {"weights[0]": np.vstack([b1, W1]), "weights[1]": W2}
    steps = [stepped(m.NeuralNetwork([2, 2, 1]), given, lambda o: o.fit(X, T, 0.2, 1), 0.2) for _ in range(DRAWS)]
    g1, g2 = (sum(g) / DRAWS for g in zip(*steps, strict=True))
    return g1[1:], g1[0], g2


def loss(m, W1, b1, W2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2) - T) ** 2).mean() * T.shape[1]
