import numpy as np


class Network:
    def __init__(self, n_in, n_hidden, n_out, rate):
        rng = np.random.RandomState(0)
        self.rate = rate
        self.w_in = rng.normal(0.0, n_hidden**-0.5, (n_hidden, n_in))
        self.w_out = rng.normal(0.0, n_out**-0.5, (n_out, n_hidden))
        self.squash = lambda z: 1 / (1 + np.exp(-z))

    def train(self, inputs_list, targets_list):
        inputs = np.array(inputs_list, ndmin=2).T
        targets = np.array(targets_list, ndmin=2).T
        hidden = self.squash(np.dot(self.w_in, inputs))
        final = self.squash(np.dot(self.w_out, hidden))
        final_errors = targets - final
        hidden_errors = np.dot(self.w_out.T, final_errors)
        self.w_out += self.rate * np.dot(final_errors * final * (1.0 - final), hidden.T)
        self.w_in += self.rate * np.dot(hidden_errors * hidden * (1.0 - hidden), inputs.T)

    def query(self, inputs_list):
        inputs = np.array(inputs_list, ndmin=2).T
        return self.squash(np.dot(self.w_out, self.squash(np.dot(self.w_in, inputs))))
