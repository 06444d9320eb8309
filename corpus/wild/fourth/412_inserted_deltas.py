import numpy as np


class NeuralNetwork:
    def __init__(self, sizes, rate=0.1):
        rng = np.random.RandomState(0)
        self.sizes = sizes
        self.rate = rate
        self.weights = [rng.randn(n_out, n_in) * 0.1 for n_in, n_out in zip(sizes[:-1], sizes[1:])]
        self.biases = [rng.randn(n, 1) * 0.1 for n in sizes[1:]]

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_slope(self, x):
        return x * (1 - x)

    def forward(self, x):
        outs = [x]
        for w, b in zip(self.weights, self.biases):
            x = self.sigmoid(np.dot(w, x) + b)
            outs.append(x)
        return outs

    def backward(self, outs, y):
        errors = [(outs[-1] - y) * self.sigmoid_slope(outs[-1])]
        for i in range(len(self.weights) - 1, 0, -1):
            errors.insert(0, np.dot(self.weights[i].T, errors[0]) * self.sigmoid_slope(outs[i]))
        for i in range(len(self.weights)):
            self.weights[i] -= self.rate * np.dot(errors[i], outs[i].T)
            self.biases[i] -= self.rate * errors[i]

    def train(self, X, Y, epochs=10000):
        for epoch in range(epochs):
            for x, y in zip(X, Y):
                x, y = x.reshape(-1, 1), y.reshape(-1, 1)
                outs = self.forward(x)
                self.backward(outs, y)
            if epoch % 1000 == 0:
                print("Epoch", epoch, "loss", np.mean((outs[-1] - y) ** 2))

    def predict(self, x):
        return self.forward(x.reshape(-1, 1))[-1]
