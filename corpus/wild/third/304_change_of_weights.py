import numpy as np


class DeepNeuralNetwork:
    def __init__(self, sizes, epochs=10, l_rate=0.001):
        self.sizes = sizes
        self.epochs = epochs
        self.l_rate = l_rate
        rng = np.random.RandomState(0)
        n_in, n_one, n_two, n_out = sizes
        self.params = {
            "W1": rng.standard_normal((n_one, n_in)) * np.sqrt(1.0 / n_one),
            "W2": rng.standard_normal((n_two, n_one)) * np.sqrt(1.0 / n_two),
            "W3": rng.standard_normal((n_out, n_two)) * np.sqrt(1.0 / n_out),
        }

    def sigmoid(self, z, derivative=False):
        if derivative:
            return np.exp(-z) / ((np.exp(-z) + 1) ** 2)
        return 1 / (1 + np.exp(-z))

    def softmax(self, z):
        e = np.exp(z - z.max())
        return e / np.sum(e, axis=0)

    def forward_pass(self, x_train):
        p = self.params
        p["A0"] = x_train
        for k, act in ((1, self.sigmoid), (2, self.sigmoid), (3, self.softmax)):
            p["Z%d" % k] = np.dot(p["W%d" % k], p["A%d" % (k - 1)])
            p["A%d" % k] = act(p["Z%d" % k])
        return p["A3"]

    def backward_pass(self, y_train, output):
        p = self.params
        change_w = {}
        err = output - y_train
        change_w["W3"] = np.dot(err, p["A3"])
        err = np.multiply(np.dot(p["W3"].T, err), self.sigmoid(p["Z2"], derivative=True))
        change_w["W2"] = np.dot(err, p["A2"])
        err = np.multiply(np.dot(p["W2"].T, err), self.sigmoid(p["Z1"], derivative=True))
        change_w["W1"] = np.dot(err, p["A1"])
        return change_w

    def update_network_parameters(self, changes_to_w):
        for key, value in changes_to_w.items():
            for row in self.params[key]:
                row -= self.l_rate * value

    def train(self, x_train, y_train):
        for _ in range(self.epochs):
            for x, y in zip(x_train, y_train):
                output = self.forward_pass(x)
                self.update_network_parameters(self.backward_pass(y, output))
