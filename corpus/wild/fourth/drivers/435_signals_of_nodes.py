import numpy as np
from corpus.wild.helpers import softmax, summed


def gradient(m, W1, b1, W2, b2, X, T):
    start = np.concatenate([W1.ravel(), b1, W2.ravel(), b2])

    def one(x, t):
        net = m.NeuralNetwork(2, 4, 3, seed=3)
        net.setWeights(start)
        return ((start - net.train(np.append(x, t)[None], 1, 1.0)),)

    g = np.split(summed(one, X, T)[0], np.cumsum([W1.size, b1.size, W2.size]))
    return g[0].reshape(W1.shape), g[1], g[2].reshape(W2.shape), g[3]


def loss(m, W1, b1, W2, b2, X, T):  # in float64, for the differences
    return ((softmax(np.tanh(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum() / len(X)
