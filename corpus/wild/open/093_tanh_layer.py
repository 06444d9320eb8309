import numpy as np


class Layer:
    def __init__(self, n, n_next):
        rng = np.random.RandomState(0)
        self.weights = rng.random_sample((n, n_next)) - 0.5
        self.biases = rng.random_sample((1, n_next)) - 0.5

    def forward(self, data):
        self.before = data
        self.after = np.dot(self.before, self.weights) + self.biases
        self.output = self.bend(self.after)
        return self.output

    def bend(self, x):
        return np.tanh(x)

    def bend_slope(self, x):
        return 1 - np.tanh(x) ** 2

    def backward(self, error, rate):
        output_error = self.bend_slope(self.after) * error
        input_error = np.dot(output_error, self.weights.T)
        weights_error = np.dot(self.before.T, output_error)
        self.weights -= rate * weights_error
        self.biases -= rate * output_error
        return input_error
