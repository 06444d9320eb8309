import numpy as np


def bend(x):
    return np.tanh(x)


def bend_slope(a):
    return 1.0 - a**2


class MLP:
    def __init__(self, *sizes):
        self.shape = sizes
        self.layers = [np.ones(n) for n in sizes]
        self.weights = [np.zeros((a, b)) for a, b in zip(sizes, sizes[1:])]
        self.dw = [0] * len(self.weights)
        self.reset()

    def reset(self):
        rng = np.random.RandomState(0)
        for w in self.weights:
            w[...] = 2 * rng.random_sample(w.shape) - 1

    def propagate_forward(self, data):
        self.layers[0][0:] = data
        for i in range(1, len(self.shape)):
            self.layers[i][...] = bend(np.dot(self.layers[i - 1], self.weights[i - 1]))
        return self.layers[-1]

    def propagate_backward(self, target, lrate=0.1):
        error = target - self.layers[-1]
        deltas = [error * bend_slope(self.layers[-1])]
        for i in range(len(self.shape) - 2, 0, -1):
            deltas.insert(0, np.dot(deltas[0], self.weights[i].T) * bend_slope(self.layers[i]))
        for i in range(len(self.weights)):
            layer = np.atleast_2d(self.layers[i])
            delta = np.atleast_2d(deltas[i])
            dw = np.dot(layer.T, delta)
            self.weights[i] += lrate * dw + self.dw[i]
            self.dw[i] = dw
        return (error**2).sum()
