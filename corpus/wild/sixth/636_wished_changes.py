import random

import numpy as np


class Weight:
    def __init__(self):
        self.weight = random.uniform(-1, 1)
        # what the examples wish, for their mean later
        self.wishes = 0
        self.n_wishes = 0


class Neuron:
    def __init__(self, layer, number, n_out=0):
        self.n_out = n_out
        self.layer = layer
        self.number = number
        self.z = 0
        self.value = 0
        # the weights that start here
        self.out_weights = []
        for i in range(self.n_out):
            self.out_weights.append(Weight())
        self.bias_weight = 0
        self.bias_wishes = 0
        self.n_bias_wishes = 0
        self.delta = 0


class WishNet:
    def __init__(self, topology, rate=0.5, bias=1):
        self.topology = topology
        self.bias = bias
        self.topology.append(0)
        self.layers = []
        for layer in range(len(self.topology) - 1):
            row = []
            for i in range(self.topology[layer]):
                row.append(Neuron(layer, i, self.topology[layer + 1]))
            self.layers.append(row)
        self.topology.pop()
        self.rate = rate

    def fillLayer(self, layer):
        for n in range(len(self.layers[layer])):
            own = self.layers[layer][n]
            own.z = sum([before.value * before.out_weights[n].weight for before in self.layers[layer - 1]])
            own.z += self.bias * own.bias_weight
            own.value = self.squash(own.z)

    def result(self, inputs):
        for i in range(len(inputs)):
            self.layers[0][i].value = inputs[i]
        for layer in range(1, len(self.topology)):
            self.fillLayer(layer)
        return [neuron.value for neuron in self.layers[-1]]

    def squash(self, x):
        if x < -100:
            return 0
        if x > 100:
            return 1
        return 1 / (1 + np.exp(-x))

    def slope(self, value):
        return value * (1 - value)

    def trainOnOneExample(self, inputs, expected):
        got = self.result(inputs)
        errors = [(expected[i] - got[i]) ** 2 for i in range(len(expected))]

        for idx in range(1, len(self.layers) + 1):
            at = -idx
            for n in range(len(self.layers[at])):
                neuron = self.layers[at][n]
                if at != -1:
                    after = self.layers[at + 1]
                    wish = sum([neuron.out_weights[i].weight * after[i].delta for i in range(self.topology[at + 1])])
                else:
                    wish = 2 * (expected[n] - neuron.value)

                neuron.delta = wish * self.slope(neuron.value)
                neuron.bias_wishes += neuron.delta
                neuron.n_bias_wishes += 1

                for w in range(len(neuron.out_weights)):
                    weight = neuron.out_weights[w]
                    weight.wishes += neuron.value * self.layers[at + 1][w].delta
                    weight.n_wishes += 1

    def CorrectFromWished(self):
        for layer in self.layers[1:]:
            for neuron in layer:
                neuron.bias_weight += (neuron.bias_wishes / neuron.n_bias_wishes) * self.rate
                neuron.bias_wishes = 0
                neuron.n_bias_wishes = 0

                for weight in neuron.out_weights:
                    weight.weight += (weight.wishes / weight.n_wishes) * self.rate
                    weight.wishes = 0
                    weight.n_wishes = 0

    def Training(self, rows, epochs):
        random.shuffle(rows)
        for epoch in range(epochs):
            for expected, inputs in rows:
                self.trainOnOneExample(inputs, expected)
            self.CorrectFromWished()
