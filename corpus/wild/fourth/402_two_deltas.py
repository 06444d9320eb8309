import numpy as np


class Network:
    def __init__(self):
        self.input_size = 6
        self.output_size = 3
        self.hidden_size = 4
        rng = np.random.RandomState(0)
        self.W1 = rng.randn(self.input_size, self.hidden_size)
        self.W2 = rng.randn(self.hidden_size, self.output_size)

    def forward_propagation(self, X):
        self.z = np.dot(X, self.W1)
        self.hidden = self.sigmoid(self.z)
        self.z2 = np.dot(self.hidden, self.W2)
        return self.sigmoid(self.z2)

    def back_propagation(self, X, y, output):
        self.missed = y - output
        self.out_delta = self.missed * self.sigmoid(output, derivative=True)
        self.hid_error = self.out_delta.dot(self.W2.T)
        self.hid_delta = self.hid_error * self.sigmoid(self.hidden, derivative=True)
        delta_W1 = X.T.dot(self.hid_delta)
        delta_W2 = self.hidden.T.dot(self.out_delta)
        return delta_W1, delta_W2

    def train(self, X, y):
        output = self.forward_propagation(X)
        W1, W2 = self.back_propagation(X, y, output)
        return W1, W2

    def sigmoid(self, x, derivative=False):
        if derivative:
            return x * (1 - x)
        return 1.0 / (1 + np.exp(-x))
