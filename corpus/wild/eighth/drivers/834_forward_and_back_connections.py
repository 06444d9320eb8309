import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, b1]), np.vstack([W2, b2])]

    def one(x, t):
        net = m.LinkedNet([3, 4, 2])
        for layer, table in zip(net.layers[1:], tables, strict=True):
            for neuron, weights in zip(layer, table.T, strict=True):
                for link, weight in zip(neuron.back, weights, strict=True):
                    link.weight = float(weight)
        net.feed_forward(x.tolist())
        net.back_prop(t.tolist())
        found = []
        for layer, table in zip(net.layers[1:], tables, strict=True):
            g = (table - np.array([[link.weight for link in neuron.back] for neuron in layer]).T) / 0.1
            found += [g[:-1], g[-1]]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
