import random

import numpy


def sigmoid(z):
    return 1.0 / (1.0 + numpy.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Layer:
    def __init__(self, inp_size, out_size, ETA):
        self.ETA = ETA
        self.b = numpy.random.randn(1, out_size)
        self.w = numpy.random.randn(inp_size, out_size)
        self.bgrad = 0.0
        self.wgrad = 0.0

    def forward(self, inp):
        self.x = inp
        self.y = numpy.dot(self.x, self.w) + self.b
        self.a = sigmoid(self.y)
        return self.a

    def compgrad(self, a_grad):
        y_grad = sigmoid_prime(self.y) * a_grad
        self.bgrad += y_grad
        self.wgrad += numpy.dot(self.x.T, y_grad)
        return numpy.dot(y_grad, self.w.T)

    def backprop(self):
        self.w -= self.ETA * self.wgrad
        self.b -= self.ETA * self.bgrad
        self.bgrad = 0
        self.wgrad = 0


class Model:
    def __init__(self, net_size, ETA):
        self.layers = []
        for i in range(len(net_size) - 1):
            self.layers.append(Layer(net_size[i], net_size[i + 1], ETA))

    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x

    def compgrad(self, a_grad):
        for l in reversed(self.layers):
            a_grad = l.compgrad(a_grad)

    def backprop(self):
        for l in reversed(self.layers):
            l.backprop()


BATCH_SIZE = 10
ETA = 1.5
network = Model([2, 4, 2], ETA)


def train(traindata, BATCH_SIZE=10):
    data_size = len(traindata)
    random.shuffle(traindata)
    batches = (traindata[i:i + BATCH_SIZE] for i in range(0, data_size, BATCH_SIZE))
    loss = 0.0
    for batch in batches:
        for x, y in batch:
            a = network.forward(x)
            loss += (a - y) ** 2 / BATCH_SIZE
            a_grad = 2 * (a - y) / BATCH_SIZE
            network.compgrad(a_grad)
        network.backprop()
    return numpy.sum(loss) * BATCH_SIZE / data_size
