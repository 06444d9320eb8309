import numpy as np


class Net:
    def __init__(self, sizes=[1, 10, 1], kinds=["sigmoid", "sigmoid"]):
        rng = np.random.RandomState(0)
        self.kinds = kinds
        self.weights = [rng.standard_normal((b, a)) for a, b in zip(sizes, sizes[1:])]
        self.biases = [rng.standard_normal((b, 1)) for b in sizes[1:]]

    @staticmethod
    def activation(kind):
        return (lambda x: np.exp(x) / (1 + np.exp(x))) if kind == "sigmoid" else (lambda x: x)

    @staticmethod
    def slope(kind):
        s = lambda x: np.exp(x) / (1 + np.exp(x))
        return (lambda x: s(x) * (1 - s(x))) if kind == "sigmoid" else (lambda x: 1)

    def feedforward(self, x):
        zs, inputs = [], [np.copy(x)]
        for j in range(len(self.weights)):
            zs.append(self.weights[j].dot(inputs[-1]) + self.biases[j])
            inputs.append(self.activation(self.kinds[j])(zs[-1]))
        return zs, inputs

    def backpropagation(self, y, zs, inputs):
        deltas = [None] * len(self.weights)
        deltas[-1] = (y - inputs[-1]) * self.slope(self.kinds[-1])(zs[-1])
        for i in reversed(range(len(deltas) - 1)):
            deltas[i] = self.weights[i + 1].T.dot(deltas[i + 1]) * self.slope(self.kinds[i])(zs[i])
        n = y.shape[1]
        db = [d.dot(np.ones((n, 1))) / float(n) for d in deltas]
        dw = [d.dot(inputs[i].T) / float(n) for i, d in enumerate(deltas)]
        return dw, db

    def train(self, x, y, epochs=10, lr=0.01):
        for _ in range(epochs):
            dw, db = self.backpropagation(y, *self.feedforward(x))
            self.weights = [w + lr * d for w, d in zip(self.weights, dw)]
            self.biases = [b + lr * d for b, d in zip(self.biases, db)]
