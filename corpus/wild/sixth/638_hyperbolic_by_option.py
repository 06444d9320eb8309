import math
import random

DEFAULTS = {
    'layers': [3],
    'iterations': 20000,
    'error_thresh': 0.0005,
    'activation': 'logistic',
    'learning_rate': 0.4,
    'momentum': 0.5,
}

ACTIVATIONS = {
    'logistic': lambda x: 1 / (1 + math.exp(-x)),
    'hyperbolic': lambda x: math.tanh(x),
}


class Net:
    def __init__(self, opts=None):
        self.opts = {**DEFAULTS, **(opts or {})}
        self.n_layers = 2 + len(self.opts['layers'])
        self.weights = None
        self.biases = None

    def setup(self, n_in, n_out):
        sizes = [n_in, *self.opts['layers'], n_out]
        start = lambda: random.random() * 0.2 - 0.3
        self.weights = [None]
        self.biases = [None]
        for before, now in zip(sizes, sizes[1:]):
            self.weights.append([[start() for _ in range(before)] for _ in range(now)])
            self.biases.append([start() for _ in range(now)])

    def train(self, rows):
        if self.weights is None:
            self.setup(len(rows[0]['input']), len(rows[0]['output']))
        self.changes = [None] + [[[0] * len(node) for node in layer] for layer in self.weights[1:]]
        n = 0
        mse = 1
        while n < self.opts['iterations'] and mse > self.opts['error_thresh']:
            n += 1
            for row in rows:
                self.send(row['input'])
                self.backPropagate(row['output'])
            total = 0
            for row in rows:
                out = self.send(row['input'])
                for k, desired in enumerate(row['output']):
                    total += (desired - out[k]) ** 2
            mse = total / len(rows)

    def send(self, inputs):
        activate = ACTIVATIONS[self.opts['activation']]
        self.outputs = [list(inputs)]
        for layer in range(1, self.n_layers):
            now = []
            for n in range(len(self.weights[layer])):
                total = self.biases[layer][n]
                for p, value in enumerate(self.outputs[layer - 1]):
                    total += value * self.weights[layer][n][p]
                now.append(activate(total))
            self.outputs.append(now)
        return self.outputs[-1]

    def backPropagate(self, desired):
        rate, momentum = self.opts['learning_rate'], self.opts['momentum']
        top = len(self.outputs) - 1
        signals = [None] * (top + 1)

        signals[top] = []
        for n, out in enumerate(self.outputs[top]):
            signal = (desired[n] - out) * out * (1 - out)
            signals[top].append(signal)
            for p, value in enumerate(self.outputs[top - 1]):
                change = rate * signal * value + momentum * self.changes[top][n][p]
                self.weights[top][n][p] += change
                self.changes[top][n][p] = change
            self.biases[top][n] += rate * signal

        for layer in range(top - 1, 0, -1):
            signals[layer] = []
            for n, out in enumerate(self.outputs[layer]):
                total = 0
                for d in range(len(self.outputs[layer + 1])):
                    total += signals[layer + 1][d] * self.weights[layer + 1][d][n]
                signal = total * out * (1 - out)
                signals[layer].append(signal)
                for p, value in enumerate(self.outputs[layer - 1]):
                    change = rate * signal * value + momentum * self.changes[layer][n][p]
                    self.weights[layer][n][p] += change
                    self.changes[layer][n][p] = change
                self.biases[layer][n] += rate * signal
