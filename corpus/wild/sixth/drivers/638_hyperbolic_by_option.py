import numpy as np
from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.Net({"layers": [4], "iterations": 1, "activation": "hyperbolic", "momentum": 0, "learning_rate": 0.1})
        net.weights = [None, W1.T.tolist(), W2.T.tolist()]
        net.biases = [None, b1.tolist(), b2.tolist()]
        net.train([{"input": x.tolist(), "output": t.tolist()}])
        ends = np.array(net.weights[1]).T, np.array(net.biases[1]), np.array(net.weights[2]).T, np.array(net.biases[2])
        return [(old - end) / 0.1 for old, end in zip((W1, b1, W2, b2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
