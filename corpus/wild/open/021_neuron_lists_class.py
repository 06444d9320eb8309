import math
import random


class Net:
    def __init__(self, rate, sizes):
        random.seed(0)
        self.rate = rate
        self.layers = len(sizes)
        self.neurons = [[0] * n for n in sizes]
        self.errors = [[0] * n for n in sizes]
        self.bias = [[0.0] * n for n in sizes]
        self.weights = [
            [[random.uniform(-1, 1) for _ in range(sizes[i + 1])] for _ in range(sizes[i])]
            for i in range(self.layers - 1)
        ]
        self.expected = []

    def activation(self, total):
        return 1 / (1 + math.e ** (-1 * total))

    def forward(self, inputs):
        for i in range(len(inputs)):
            self.neurons[0][i] = inputs[i]
        for layer in range(1, self.layers):
            for i in range(len(self.neurons[layer])):
                total = 0
                for k in range(len(self.neurons[layer - 1])):
                    total += self.neurons[layer - 1][k] * self.weights[layer - 1][k][i]
                if layer != self.layers - 1:
                    total += self.bias[layer][i]
                self.neurons[layer][i] = self.activation(total)

    def backward(self):
        for i, output in enumerate(self.neurons[-1]):
            self.errors[-1][i] = output * (1 - output) * (self.expected[i] - output)
        for layer in reversed(range(self.layers - 1)):
            for j in range(len(self.neurons[layer])):
                for k in range(len(self.neurons[layer + 1])):
                    self.weights[layer][j][k] += self.rate * self.errors[layer + 1][k] * self.neurons[layer][j]
                    self.bias[layer][k] += self.rate * self.errors[layer + 1][k]
                total = 0
                for k in range(len(self.neurons[layer + 1])):
                    total += self.errors[layer + 1][k] * self.weights[layer][j][k]
                self.errors[layer][j] = self.neurons[layer][j] * (1 - self.neurons[layer][j]) * total
