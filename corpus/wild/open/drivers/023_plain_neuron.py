import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, X, T):
    def one(x, t):
        neuron = m.Neuron(3, 0.001)
        neuron.weights = [*W1[:, 0].tolist(), float(b1[0])]
        neuron.update_w(x.tolist(), float(t[0]))
        d = (np.append(W1[:, 0], b1) - neuron.weights) / 0.001
        return d[:3, None], d[3:]

    return summed(one, X, T)


def loss(m, W1, b1, X, T):
    return 0.5 * ((X @ W1 + b1 - T) ** 2).sum()
