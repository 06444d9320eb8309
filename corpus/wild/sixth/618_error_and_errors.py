import numpy as np
from random import random


class SumNet:
    def __init__(self, n_in=3, hidden=[3, 3], n_out=2):
        sizes = [n_in] + hidden + [n_out]
        self.weights = [np.random.rand(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
        self.derivatives = [np.zeros((sizes[i], sizes[i + 1])) for i in range(len(sizes) - 1)]
        self.activations = [np.zeros(size) for size in sizes]

    def forward_propagate(self, inputs):
        values = inputs
        self.activations[0] = values
        for i, w in enumerate(self.weights):
            values = self._sigmoid(np.dot(values, w))
            self.activations[i + 1] = values
        return values

    def backward_propagate(self, errors):
        for i in reversed(range(len(self.derivatives))):
            after = self.activations[i + 1]
            delta = errors * self._slope(after)
            as_row = delta.reshape(delta.shape[0], -1).T
            before = self.activations[i]
            before = before.reshape(before.shape[0], -1)
            self.derivatives[i] = np.dot(before, as_row)
            error = np.dot(delta, self.weights[i].T)

    def train(self, inputs, targets, epochs, rate):
        for i in range(epochs):
            total = 0
            for j, row in enumerate(inputs):
                target = targets[j]
                output = self.forward_propagate(row)
                error = target - output
                self.backward_propagate(error)
                self.gradient_descent(rate)
                total += self._mse(target, output)
            print(f"Epoch {i + 1}: {total / len(inputs)}")

    def gradient_descent(self, rate=1):
        for i in range(len(self.weights)):
            weights = self.weights[i]
            weights += self.derivatives[i] * rate

    def _sigmoid(self, x):
        return 1.0 / (1.0 + np.exp(-x))

    def _slope(self, x):
        return x * (1.0 - x)

    def _mse(self, target, output):
        return np.average((target - output) ** 2)


if __name__ == "__main__":
    items = np.array([[random() / 2 for _ in range(2)] for _ in range(100)])
    sums = np.array([[i[0] + i[1]] for i in items])
    net = SumNet(2, [5], 1)
    net.train(items, sums, 5, 0.1)
    print(net.forward_propagate(np.array([0.3, 0.1])))
