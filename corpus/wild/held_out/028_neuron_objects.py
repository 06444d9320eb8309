import math
import random


def squash(x):
    return 1 / (1 + math.exp(-x))


def slope(a):
    return a * (1.0 - a)


def loss(x, y):
    return sum([(a - b) ** 2 for (a, b) in zip(x, y)])


class Neuron:
    rate = 0.015
    friction = 0.03

    def __init__(self, n_inputs):
        self.weights = [random.uniform(-1, 1) for _ in range(n_inputs)]
        self.momentum = [0 for _ in range(n_inputs)]

    def forward(self, inputs):
        self.output = squash(sum([x * w for (x, w) in zip(inputs, self.weights)]))
        return self.output

    def backpropagate(self, inputs, error):
        passed = []
        slip = error * slope(self.output)
        for i, value in enumerate(inputs):
            self.nudge(i, slip * value)
            passed.append(self.weights[i] * slip)
        return passed

    def nudge(self, i, amount):
        change = amount * Neuron.rate
        self.momentum[i] += change
        self.momentum[i] *= 1 - Neuron.friction
        self.weights[i] += change + self.momentum[i]


class Net:
    def __init__(self, sizes):
        random.seed(0)
        self.layers = [[Neuron(sizes[i - 1]) for _ in range(sizes[i])] for i in range(1, len(sizes))]

    def forward(self, data):
        output = data
        for layer in self.layers:
            output = [neuron.forward(output) for neuron in layer]
        return output

    def backpropagate(self, data, output, target):
        errors = [t - o for (t, o) in zip(target, output)]
        for k in range(len(self.layers) - 1, -1, -1):
            inputs = data if k == 0 else [n.output for n in self.layers[k - 1]]
            passed = [n.backpropagate(inputs, e) for n, e in zip(self.layers[k], errors)]
            errors = [sum(column) for column in zip(*passed)]
