import numpy as np
from corpus.wild.helpers import summed


def filled(m, *weights):
    net = m.PatternANN(3, [4, 3], 2)
    flat = np.concatenate([W.T.ravel() for W in weights])
    for connection, weight in zip(net.connections, flat, strict=True):
        connection.weight = float(weight)
    return net


def gradient(m, W1, W2, W3, X, T):
    def one(x, t):
        net = filled(m, W1, W2, W3)
        net.backprop([x.tolist()], [t.tolist()], 1, 0.0, 0.7, 0.3)
        ends, found, at = np.array(net.weights()), [], 0
        for W in (W1, W2, W3):
            found.append((W - ends[at : at + W.size].reshape(W.T.shape).T) / 0.7)
            at += W.size
        return found

    return summed(one, X, T)


def loss(m, W1, W2, W3, X, T):
    return filled(m, W1, W2, W3).backprop(X.tolist(), T.tolist(), 0, 0.0, 0.7, 0.3)
