import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(y):
    return y * (1 - y)


class Layer:
    def __init__(self, n_in, n_out):
        self.w = np.random.RandomState(n_in).normal(0, 1, (n_in + 1, n_out))

    def forward(self, x):
        x = np.append(x, np.ones((x.shape[0], 1)), axis=1)
        self.came = x
        self.y = squash(np.matmul(x, self.w))
        return self.y

    def backward(self, dC):
        self.deltas = np.multiply(slope(self.y), dC)
        return np.matmul(self.deltas, self.w[:-1].T)

    def update(self, eta):
        self.gradient = np.matmul(self.came.T, self.deltas)
        self.w -= eta * self.gradient
        return self.gradient


class SimpleNet:
    def __init__(self, sizes, rate=0.1):
        self.eta = rate
        self.layers = [Layer(a, b) for a, b in zip(sizes, sizes[1:])]

    def feedforward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backpropagate(self, dC):
        for layer in self.layers[::-1]:
            dC = layer.backward(dC)

    def update(self):
        for layer in self.layers:
            layer.update(self.eta)

    def train(self, inputs, labels, steps=1):
        for _ in range(steps):
            for i in range(len(inputs)):
                output = self.feedforward(inputs[i : i + 1, :])
                self.backpropagate(output - labels[i : i + 1, :])
                self.update()
