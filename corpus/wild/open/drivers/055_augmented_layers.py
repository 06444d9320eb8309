import numpy as np
from corpus.wild.helpers import sigmoid, stepped

PATHS = ("layers[0].w", "layers[1].w", "layers[2].w")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    def act(o):
        o.backpropagate(o.feedforward(X) - T)
        o.update()

    V = [np.vstack([W, b]) for W, b in ((W1, b1), (W2, b2), (W3, b3))]
    g = stepped(m.SimpleNet([2, 4, 3, 1]), dict(zip(PATHS, V, strict=True)), act, 0.1)
    return tuple(part for d in g for part in (d[:-1], d[-1]))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).sum()
