import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def squash_slope(x):
    return x * (1 - x)


class TruthTable:
    def __init__(self, x, y):
        self.rows = x
        self.first = np.random.rand(self.rows.shape[1], 4)
        self.second = np.random.rand(4, 1)
        self.y = y
        self.out = np.zeros(self.y.shape)

    def feedforward(self):
        self.hidden = squash(np.dot(self.rows, self.first))
        self.out = squash(np.dot(self.hidden, self.second))

    def backprop(self):
        d_second = np.dot(self.hidden.T, (2 * (self.y - self.out) * squash_slope(self.out)))
        d_first = np.dot(self.rows.T, (np.dot(2 * (self.y - self.out) * squash_slope(self.out), self.second.T)
                                       * squash_slope(self.hidden)))
        self.first += d_first
        self.second += d_second


if __name__ == "__main__":
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0], [1], [1], [0]])
    net = TruthTable(X, y)
    for i in range(500):
        net.feedforward()
        net.backprop()
    print(net.out)
