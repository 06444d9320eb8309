import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    scale = 0.015 * (1 + 0.97)

    def one(x, t):
        net = m.Net([2, 3, 2])
        for layer, W in zip(net.layers, (W1, W2), strict=True):
            for neuron, w in zip(layer, W.T, strict=True):
                neuron.weights = list(w)
        net.backpropagate(list(x), net.forward(list(x)), list(t))
        return tuple(
            (W - np.array([n.weights for n in layer]).T) / scale for layer, W in zip(net.layers, (W1, W2), strict=True)
        )

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
