import math
import random


class Neural:
    def __init__(self, n_inputs):
        self.weights = [random.uniform(-1, 1) for _ in range(n_inputs)]
        self.bias = random.uniform(-1, 1)
        self.value = 0.0
        self.error = 0.0

    def compute(self, inputs):
        total = 0.0
        for n in range(len(inputs)):
            total += inputs[n] * self.weights[n]
        total += self.bias * 1
        self.value = 1 / (1 + math.exp(-total))


class XorBrain:
    learn_rate = 0.25

    def __init__(self, n_in, n_hidden, n_out):
        self.n_in = n_in
        self.layers = [[Neural(n_in) for _ in range(n_hidden)], [Neural(n_hidden) for _ in range(n_out)]]

    def Output(self, inputs):
        for layer in self.layers:
            for neural in layer:
                neural.compute(inputs)
            inputs = [neural.value for neural in layer]
        return inputs

    def FindErrors(self, target):
        for k, neural in enumerate(self.layers[-1]):
            neural.error = neural.value * (1 - neural.value) * (target[k] - neural.value)
        for i in range(len(self.layers) - 2, -1, -1):
            for j, neural in enumerate(self.layers[i]):
                total = 0.0
                for following in self.layers[i + 1]:
                    total += following.value * following.weights[j]
                neural.error = neural.value * (1 - neural.value) * total

    def Adapt(self, inputs):
        for layer in self.layers:
            for neural in layer:
                for n in range(len(inputs)):
                    neural.weights[n] += self.learn_rate * inputs[n] * neural.error
                neural.bias += self.learn_rate * neural.error * 1
            inputs = [neural.value for neural in layer]

    def Train(self, inputs, target):
        self.Output(inputs)
        self.FindErrors(target)
        self.Adapt(inputs)


if __name__ == "__main__":
    random.seed(1)
    brain = XorBrain(2, 2, 1)
    for _ in range(500):
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
            brain.Train([a, b], [a ^ b])
    print([brain.Output([a, b]) for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))])
