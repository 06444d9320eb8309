import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(a):
    return a * (1 - a)


class NN:
    def __init__(self, inputs):
        rng = np.random.RandomState(1)
        self.inputs = inputs
        self.l = len(self.inputs)
        self.li = len(self.inputs[0])
        self.wi = rng.random_sample((self.li, self.l))
        self.wh = rng.random_sample((self.l, 1))

    def think(self, inp):
        return squash(np.dot(squash(np.dot(inp, self.wi)), self.wh))

    def train(self, inputs, outputs):
        l0 = inputs
        l1 = squash(np.dot(l0, self.wi))
        l2 = squash(np.dot(l1, self.wh))
        l2_delta = np.multiply(outputs - l2, slope(l2))
        l1_delta = np.multiply(np.dot(l2_delta, self.wh.T), slope(l1))
        self.wh += np.dot(l1.T, l2_delta)
        self.wi += np.dot(l0.T, l1_delta)
