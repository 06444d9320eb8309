import math
import random


def uniform(a, b):
    return (b - a) * random.random() + a


def sig(x):
    return 1.0 / (1 + math.exp(-x))


def slope_sig(out):
    return out * (1 - out)


def slope_tanh(out):
    return 1 - out**2


functions = {'sigmoid': sig, 'tanh': math.tanh}
slopes = {'sigmoid': slope_sig, 'tanh': slope_tanh}


class Node:
    def __init__(self, n_before, kind, bias):
        # the weights that flow into the node
        self.weight = [uniform(-0.5, 0.5) for i in range(n_before)]
        self.kind = kind
        self.bias = bias

    def receive(self, data):
        total = sum([i * j for i, j in zip(self.weight, data)], self.bias)
        self.output = functions[self.kind](total)
        return self.output

    def move(self, penalty, rate=0.5):
        self.weight = [w - rate * penalty for w in self.weight]


class Layer:
    def __init__(self, n_before, n_own, kind, bias):
        self.n_before = n_before
        self.kind = kind
        self.nodes = [Node(n_before, kind, bias) for i in range(n_own)]
        self.output = [0.0] * n_own

    def receive(self, data):
        self.output = [node.receive(data) for node in self.nodes]
        return self.output

    def errors_before(self, delta):
        # what each node of the layer before is to blame for
        def one(delta, i):
            return sum([d * node.weight[i] for d, node in zip(delta, self.nodes)])
        return [one(delta, before) for before in range(self.n_before)]

    def delta_of(self, error):
        self.delta = [e * slopes[self.kind](out) for out, e in zip(self.output, error)]
        return self.delta

    def move(self, penalty, rate=0.5):
        for p, node in zip(penalty, self.nodes):
            node.move(p, rate)


class NodeNet:
    def __init__(self, n_in, n_out, rate=0.05):
        self.hidden = []
        self.n_in = n_in
        self.n_out = n_out
        self.rate = rate
        self.last_size = n_in

    def add_layer(self, size, kind, bias=0.0):
        self.hidden.append(Layer(self.last_size, size, kind, bias))
        self.last_size = size

    def add_output(self, kind, bias=0.0):
        self.top = Layer(self.last_size, self.n_out, kind, bias)
        self.top_kind = kind

    def forward(self, data):
        last = data
        for layer in self.hidden:
            last = layer.receive(last)
        self.output = self.top.receive(last)
        return self.output

    def back(self, target):
        top_delta = [-(t - o) * slopes[self.top_kind](o) for t, o in zip(target, self.output)]
        error = self.top.errors_before(top_delta)
        self.top.move(top_delta, self.rate)
        for layer in self.hidden[::-1]:
            delta = layer.delta_of(error)
            error = layer.errors_before(delta)
            layer.move(delta, self.rate)

    def train(self, inputs, targets, times, rate):
        self.rate = rate
        for time in range(times):
            for x, t in zip(inputs, targets):
                self.forward(x)
                self.back(t)

    def loss(self, out, target):
        return sum([0.5 * (o - t)**2 for o, t in zip(out, target)])

    def test(self, inputs, targets):
        total = 0
        for x, t in zip(inputs, targets):
            total += self.loss(self.forward(x), t)
        return total / len(inputs)
