import numpy as np


class Network(object):
    def __init__(self):
        rng = np.random.RandomState(0)
        self.n_in, self.n_hidden, self.n_out = 2, 3, 1
        self.rate = 1
        self.W1 = rng.standard_normal((self.n_in, self.n_hidden))
        self.W2 = rng.standard_normal((self.n_hidden, self.n_out))

    def forward(self, x):
        x = np.reshape(x, (-1, 2))
        self.hidden_sum = np.dot(x, self.W1)
        self.hidden_result = self.squash(self.hidden_sum)
        self.output_sum = np.dot(self.hidden_result, self.W2)
        self.output_result = self.squash(self.output_sum)
        return self.output_result

    def squash(self, z):
        return 1 / (1 + np.exp(-z))

    def slope(self, z):
        return np.exp(-z) / ((1 + np.exp(-z)) ** 2)

    def error_function(self, x, y):
        self.forward(x)
        return 0.5 * sum((y - self.output_result) ** 2)

    def backward(self, x, y, learn=True):
        x = np.reshape(x, (-1, 2))
        y = np.reshape(y, (-1, 1))
        self.delta3 = -(y - self.output_result) * self.slope(self.output_sum)
        self.W2_change = np.dot(self.hidden_result.T, self.delta3)
        self.delta2 = np.dot(self.delta3, self.W2.T) * self.slope(self.hidden_sum)
        self.W1_change = np.dot(x.T, self.delta2)
        if learn:
            self.W2 = self.W2 - (self.rate * self.W2_change)
            self.W1 = self.W1 - (self.rate * self.W1_change)

    def compute_gradients(self, x, y):
        self.forward(x)
        self.backward(x, y, learn=False)
        return np.concatenate((self.W1_change.ravel(), self.W2_change.ravel()))

    def numeric_gradients(self, x, y):
        flat = np.concatenate((self.W1.ravel(), self.W2.ravel()))
        cut = self.n_in * self.n_hidden
        found, nudge, e = np.zeros(flat.shape), np.zeros(flat.shape), 1e-4
        for p in range(len(flat)):
            nudge[p] = e
            sides = []
            for moved in (flat + nudge, flat - nudge):
                self.W1 = moved[:cut].reshape(self.n_in, self.n_hidden)
                self.W2 = moved[cut:].reshape(self.n_hidden, self.n_out)
                sides.append(self.error_function(x, y)[0])
            found[p] = (sides[0] - sides[1]) / (2 * e)
            nudge[p] = 0
        self.W1 = flat[:cut].reshape(self.n_in, self.n_hidden)
        self.W2 = flat[cut:].reshape(self.n_hidden, self.n_out)
        return found
