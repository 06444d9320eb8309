import numpy as np


class Neuron:
    def __init__(self, n_input):
        rng = np.random.RandomState(0)
        self.weights = rng.standard_normal(n_input)
        self.bias = rng.standard_normal()
        self.output = 0
        self.inputs = None
        self.dweight = np.zeros_like(self.weights)
        self.dbias = 0

    def activate(self, x):
        return 1 / (1 + np.exp(-x))

    def activate_slope(self, a):
        return a * (1 - a)

    def forward(self, inputs):
        self.inputs = inputs
        self.output = self.activate(np.dot(inputs, self.weights) + self.bias)
        return self.output

    def backward(self, d_output, learning_rate):
        d_activation = d_output * self.activate_slope(self.output)
        self.dweight = np.dot(self.inputs, d_activation)
        self.dbias = d_activation
        d_input = np.dot(d_activation, self.weights)
        self.weights -= self.dweight * learning_rate
        self.bias -= learning_rate * self.dbias
        return d_input
