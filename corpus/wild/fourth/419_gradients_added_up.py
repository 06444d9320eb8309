import random

import numpy


def sigmoid(z):
    return 1.0 / (1.0 + numpy.exp(-z))


def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Layer:
    def __init__(self, inp_size, out_size, RATE):
        self.RATE = RATE
        self.b = numpy.random.randn(1, out_size)
        self.w = numpy.random.randn(inp_size, out_size)
        self.b_grad = 0.0
        self.w_grad = 0.0

    def forward(self, given):
        self.x = given
        self.y = numpy.dot(self.x, self.w) + self.b
        self.a = sigmoid(self.y)
        return self.a

    def add_gradients(self, grad_a):
        grad_y = sigmoid_slope(self.y) * grad_a
        self.b_grad += grad_y
        self.w_grad += numpy.dot(self.x.T, grad_y)
        return numpy.dot(grad_y, self.w.T)

    def apply(self):
        self.w -= self.RATE * self.w_grad
        self.b -= self.RATE * self.b_grad
        self.b_grad = 0
        self.w_grad = 0


class Net:
    def __init__(self, net_size, RATE):
        self.layers = []
        for i in range(len(net_size) - 1):
            self.layers.append(Layer(net_size[i], net_size[i + 1], RATE))

    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x

    def add_gradients(self, grad_a):
        for l in reversed(self.layers):
            grad_a = l.add_gradients(grad_a)

    def apply(self):
        for l in reversed(self.layers):
            l.apply()


BATCH_SIZE = 10
RATE = 1.5
network = Net([2, 4, 2], RATE)


def train(pairs, BATCH_SIZE=10):
    data_size = len(pairs)
    random.shuffle(pairs)
    batches = (pairs[i:i + BATCH_SIZE] for i in range(0, data_size, BATCH_SIZE))
    loss = 0.0
    for batch in batches:
        for x, y in batch:
            a = network.forward(x)
            loss += (a - y) ** 2 / BATCH_SIZE
            grad_a = 2 * (a - y) / BATCH_SIZE
            network.add_gradients(grad_a)
        network.apply()
    return numpy.sum(loss) * BATCH_SIZE / data_size
