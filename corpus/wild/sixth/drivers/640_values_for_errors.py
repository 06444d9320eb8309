import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.XorBrain(2, 4, 1)
        for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
            for neural, column, offset in zip(layer, W.T, b, strict=True):
                neural.weights, neural.bias = column.tolist(), offset
        net.Train(x.tolist(), t.tolist())
        ends = [np.array([n.weights for n in layer]).T for layer in net.layers]
        offsets = [np.array([n.bias for n in layer]) for layer in net.layers]
        both = zip((W1, b1, W2, b2), (ends[0], offsets[0], ends[1], offsets[1]), strict=True)
        return [(old - new) / 0.25 for old, new in both]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
