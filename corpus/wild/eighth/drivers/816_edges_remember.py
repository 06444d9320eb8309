import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    tables = [np.vstack([W, b]) for W, b in ((W1, b1), (W2, b2), (W3, b3))]

    def one(x, t):
        net = m.KnotNetwork(2, 2, [4, 3], 0.5)
        for layer, table in zip(net.layers[1:], tables, strict=True):
            for knot, weights in zip(layer, table.T, strict=True):
                for wire, weight in zip(knot.into, weights, strict=True):
                    wire.weight = float(weight)
        net.predict(x)
        net.backpropagation(t)
        found = []
        for layer, table in zip(net.layers[1:], tables, strict=True):
            end = np.array([[wire.weight for wire in knot.into] for knot in layer]).T
            g = (table - end) / 0.5
            found += [g[:-1], g[-1]]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    out = sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    return 0.5 * ((out - T) ** 2).sum()
