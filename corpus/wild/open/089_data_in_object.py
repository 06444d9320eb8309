import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


class NeuralNetwork:
    def __init__(self, x, y):
        rng = np.random.RandomState(0)
        self.input = x
        self.weights1 = rng.random_sample((self.input.shape[1], 4))
        self.weights2 = rng.random_sample((4, 1))
        self.y = y
        self.output = np.zeros(self.y.shape)
        self.speed1 = 0
        self.speed2 = 0

    def feedforward(self):
        self.layer1 = squash(np.dot(self.input, self.weights1))
        self.output = squash(np.dot(self.layer1, self.weights2))

    def backprop(self, alpha, beta):
        error = 2 * (self.y - self.output) * slope(self.output)
        change2 = np.dot(self.layer1.T, error)
        change1 = np.dot(self.input.T, np.dot(error, self.weights2.T) * slope(self.layer1))
        self.speed1 = beta * self.speed1 + (1 - beta) * change1
        self.speed2 = beta * self.speed2 + (1 - beta) * change2
        self.weights1 = self.weights1 + self.speed1 * alpha
        self.weights2 = self.weights2 + self.speed2 * alpha
