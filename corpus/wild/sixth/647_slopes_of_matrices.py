from dataclasses import dataclass

import numpy as np


@dataclass
class Config:
    n_in: int
    n_out: int
    n_hidden: int
    n_epochs: int
    rate: float


class Gopher:
    def __init__(self, config):
        self.config = config
        self.w_hidden = self.b_hidden = self.w_out = self.b_out = None

    def train(self, x, y):
        c = self.config
        w_hidden = np.random.rand(c.n_in, c.n_hidden)
        b_hidden = np.random.rand(1, c.n_hidden)
        w_out = np.random.rand(c.n_hidden, c.n_out)
        b_out = np.random.rand(1, c.n_out)
        output = np.zeros((len(x), c.n_out))

        self.backpropagate(x, y, w_hidden, b_hidden, w_out, b_out, output)

        self.w_hidden, self.b_hidden = w_hidden, b_hidden
        self.w_out, self.b_out = w_out, b_out

    def backpropagate(self, x, y, w_hidden, b_hidden, w_out, b_out, output):
        rate = self.config.rate
        for _ in range(self.config.n_epochs):
            # there
            hidden_sums = np.matmul(x, w_hidden)
            hidden_sums += b_hidden
            hidden = sigmoid(hidden_sums)
            out_sums = np.matmul(hidden, w_out)
            out_sums += b_out
            output[:] = sigmoid(out_sums)

            # back
            error = np.subtract(y, output)
            slope_out = sigmoid_prime(output)
            slope_hidden = sigmoid_prime(hidden)
            d_out = np.multiply(error, slope_out)
            error_hidden = np.matmul(d_out, w_out.T)
            d_hidden = np.multiply(error_hidden, slope_hidden)

            # adjust
            w_out_change = np.matmul(hidden.T, d_out)
            w_out += rate * w_out_change
            b_out += rate * sum_along(0, d_out)
            w_hidden_change = np.matmul(x.T, d_hidden)
            w_hidden += rate * w_hidden_change
            b_hidden += rate * sum_along(0, d_hidden)

    def predict(self, x):
        if self.w_hidden is None or self.w_out is None:
            raise ValueError("the weights are empty")
        hidden = sigmoid(np.matmul(x, self.w_hidden) + self.b_hidden)
        return sigmoid(np.matmul(hidden, self.w_out) + self.b_out)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_prime(x):
    return x * (1.0 - x)


def sum_along(axis, m):
    rows, columns = m.shape
    if axis == 0:
        return np.array([[m[:, i].sum() for i in range(columns)]])
    if axis == 1:
        return np.array([[m[i, :].sum()] for i in range(rows)])
    raise ValueError("axis must be 0 or 1")
