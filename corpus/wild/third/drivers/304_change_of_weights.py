import numpy as np
from corpus.wild.helpers import sigmoid, softmax, stepped, summed

PATHS = ('params["W1"]', 'params["W2"]', 'params["W3"]')


def gradient(m, W1, W2, W3, X, T):
    def one(x, t):
        given = dict(zip(PATHS, (W1.T, W2.T, W3.T), strict=True))
        net = m.DeepNeuralNetwork([2, 3, 4, 3], 1, 0.1)
        return [g.T for g in stepped(net, given, lambda o: o.train(x[None], t[None]), 0.1)]

    return summed(one, X, T)


def loss(m, W1, W2, W3, X, T):
    return -(T * np.log(softmax(sigmoid(sigmoid(X @ W1) @ W2) @ W3))).sum()
