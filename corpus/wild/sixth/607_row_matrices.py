from math import exp
from random import random

import numpy as np

logistic = lambda x: 1 / (1 + exp(-x))
logistic_slope = lambda y: y * (1 - y)

# one entry after the other
all_logistic = np.vectorize(logistic)
all_slopes = np.vectorize(logistic_slope)


class Level:
    """Some neurons between ``n_from`` inputs and ``n_to`` outputs."""

    def __init__(self, n_from, n_to):
        self.n_from = n_from
        self.n_to = n_to
        self.w = np.random.random((n_from, n_to)) * 2 - 1
        self.b = np.matrix([random() * 2 - 1 for _ in range(n_to)])
        self.dw = np.zeros((n_from, n_to))
        self.db = np.matrix([0.0 for _ in range(n_to)])
        self.x = np.zeros(n_from)
        self.y = np.zeros(n_to)

    def ff(self, values):
        self.x = values
        self.y = all_logistic(self.x * self.w + self.b)
        return self.y

    def bp(self, error):
        slope = np.multiply(all_slopes(self.y), error)
        before = np.transpose(self.w * np.transpose(slope))
        self.dw = np.outer(self.x, slope)
        self.w += self.dw
        self.db = slope
        self.b += self.db
        return before


class Stack:
    def __init__(self, sizes):
        self.levels = [0] * (len(sizes) - 1)
        for i in range(len(sizes) - 1):
            self.levels[i] = Level(sizes[i], sizes[i + 1])

    def ff(self, values):
        out = values
        for level in self.levels:
            out = level.ff(out)
        return out

    def bp(self, error):
        for level in reversed(self.levels):
            error = level.bp(error)
        return error


if __name__ == "__main__":
    wanted = np.asmatrix([[0], [1], [1], [0]])
    rows = np.asmatrix([[0, 0], [0, 1], [1, 0], [1, 1]])
    net = Stack([2, 3, 1])
    for k in range(2000):
        for i in range(len(rows)):
            diff = wanted[i] - net.ff(rows[i])
            net.bp(diff)
    for i in range(len(rows)):
        print(net.ff(rows[i]))
