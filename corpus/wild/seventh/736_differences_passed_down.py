import random

import numpy as np


def squash(v):
    return 1 / (1 + np.exp(-v))


def d_squash(v):
    return squash(v) * (1 - squash(v))


class Floor:
    def __init__(self, n):
        self.n = n
        self.values = np.array([])
        self.weights = np.array([])
        self.biases = np.array([])

    def construct(self, n_next, sigma=1):
        self.weights = np.array([[random.normalvariate(0, sigma) for _ in range(self.n)] for _ in range(n_next)])
        self.biases = np.array([random.normalvariate(0, sigma) for _ in range(n_next)])

    def add_weight(self, row, col, add):
        self.weights[row][col] += add

    def add_bias(self, row, add):
        self.biases[row] += add


class Building:
    def __init__(self, counts):
        self.counts = counts
        self.floors = [Floor(n) for n in counts]
        for floor, n_next in zip(self.floors, counts[1:]):
            floor.construct(n_next)

    def output(self, values):
        for i, floor in enumerate(self.floors):
            floor.values = values
            if i + 1 == len(self.floors):
                return values
            values = squash(np.matmul(floor.weights, values) + floor.biases)


def partial(diff, z, x):
    return - diff * x * d_squash(z)


def down_one_floor(floor, diffs, scale):
    d_values = [0 for _ in range(len(floor.values))]
    for k, diff in enumerate(diffs):
        z = np.matmul(floor.weights[k], floor.values) + floor.biases[k]
        for j in range(len(floor.values)):
            d_weight = partial(diff, z, floor.values[j]) * scale
            floor.add_weight(k, j, d_weight)
            d_values[j] += partial(diff, z, floor.weights[k][j]) * scale
        floor.add_bias(k, partial(diff, z, 1) * scale)
    return d_values


def propagate(net, target, scale=0.1):
    diffs = []
    for k, a in enumerate(net.floors[-1].values):
        diffs.append(a - target[k])
    for i in range(len(net.floors) - 2, -1, -1):
        diffs = down_one_floor(net.floors[i], diffs, scale)


if __name__ == '__main__':
    random.seed(2)
    net = Building([2, 2, 1])
    for turn in range(500):
        for x, t in (([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])):
            net.output(np.array(x))
            propagate(net, t)
    print([net.output(np.array(x)) for x in ([0, 0], [0, 1], [1, 0], [1, 1])])
