import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    tables = [np.vstack([W1, b1]), np.vstack([W2, b2])]

    def one(x, t):
        network = [[{"weights": list(column)} for column in table.T] for table in tables]
        row = [*x, None]
        m.run_forward(network, row, m.transfer_tanh)
        m.run_backward(network, list(t), m.transfer_tanh)
        m.change_weights(network, row, 0.3)
        ends = [np.array([neuron["weights"] for neuron in layer]).T for layer in network]
        g1, g2 = ((table - end) / 0.3 for table, end in zip(tables, ends, strict=True))
        return g1[:-1], g1[-1], g2[:-1], g2[-1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
