from numpy import dot, exp, random


class Neuron(object):
    def __init__(self):
        random.seed(0)
        self.first_weights = 2 * random.random((3, 1)) - 1

    def __squash(self, x):
        return 1 / (1 + exp(-x))

    def __slope(self, a):
        return a * (1 - a)

    def train(self, inputs, outputs, rounds):
        for _ in range(rounds):
            output = self.think(inputs)
            error = outputs - output
            self.first_weights += dot(inputs.T, error * self.__slope(output))

    def think(self, inputs):
        return self.__squash(dot(inputs, self.first_weights))
