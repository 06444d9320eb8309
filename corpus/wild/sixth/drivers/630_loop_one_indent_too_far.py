import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, b1]), np.vstack([W2, b2])]

    def one(x, t):
        net = [[{"weights": list(column)} for column in table.T] for table in tables]
        m.train_all(net, [[*x, t.argmax()]], 0.1, 1, 3)
        ends = [np.array([neuron["weights"] for neuron in layer]).T for layer in net]
        g1, g2 = ((table - end) / 0.1 for table, end in zip(tables, ends, strict=True))
        return g1[:-1], g1[-1], g2[:-1], g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
