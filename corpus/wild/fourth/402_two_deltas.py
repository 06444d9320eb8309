import numpy as np


class Network:
    def __init__(self):
        self.input_size = 6
        self.output_size = 3
        self.hidden_size = 4
        rng = np.random.RandomState(0)
        self.W1 = rng.randn(self.input_size, self.hidden_size)
        self.W2 = rng.randn(self.hidden_size, self.output_size)

    def forward_propogation(self, X):
        self.z = np.dot(X, self.W1)
        self.hidden = self.sigmoid(self.z)
        self.z2 = np.dot(self.hidden, self.W2)
        return self.sigmoid(self.z2)

    def back_propogation(self, X, y, output):
        self.output_error = y - output
        self.output_delta = self.output_error * self.sigmoid(output, derivative=True)
        self.hidden_error = self.output_delta.dot(self.W2.T)
        self.hidden_delta = self.hidden_error * self.sigmoid(self.hidden, derivative=True)
        W1_delta = X.T.dot(self.hidden_delta)
        W2_delta = self.hidden.T.dot(self.output_delta)
        return W1_delta, W2_delta

    def train(self, X, y):
        output = self.forward_propogation(X)
        W1, W2 = self.back_propogation(X, y, output)
        return W1, W2

    def sigmoid(self, x, derivative=False):
        if derivative:
            return x * (1 - x)
        return 1.0 / (1 + np.exp(-x))
