import numpy as np


class NN:
    def __init__(self, n_in=2, n_hidden=[3, 5], n_out=2):
        rng = np.random.RandomState(0)
        sizes = [n_in] + n_hidden + [n_out]
        self.weights = [rng.standard_normal((a, b)) for a, b in zip(sizes, sizes[1:])]
        self.bias = []
        self.derivatives = [np.zeros((a, b)) for a, b in zip(sizes, sizes[1:])]
        self.activations = [np.zeros(n) for n in sizes]

    def forward(self, values):
        self.activations[0] = values
        for i, w in enumerate(self.weights):
            values = self.squash(np.dot(values, w))
            self.activations[i + 1] = values
        return values

    def backward(self, error):
        for i in reversed(range(len(self.derivatives))):
            delta = error * self.slope(self.activations[i + 1])
            row = delta.reshape(delta.shape[0], -1).T
            came = self.activations[i]
            came = came.reshape(came.shape[0], -1)
            self.derivatives[i] = np.dot(came, row)
            error = np.dot(delta, self.weights[i].T)

    def train(self, inputs, targets, epochs, rate):
        for _ in range(epochs):
            for values, target in zip(inputs, targets):
                output = self.forward(values)
                self.backward(target - output)
                self.descend(rate)

    def descend(self, rate=1):
        for i in range(len(self.weights)):
            weights = self.weights[i]
            weights += self.derivatives[i] * rate

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def slope(self, a):
        return a * (1.0 - a)

    def _mse(self, target, output):
        return np.average((target - output) ** 2)
