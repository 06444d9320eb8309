import random
from itertools import product

from numpy import dot, exp


class Knot:
    def __init__(self, name, rate=1.0):
        self.name = name
        self.into = []
        self.out_of = []
        self.activation = 0.0
        self.delta = 0.0
        self.rate = rate


class BiasKnot(Knot):
    """always 1"""

    def __init__(self):
        Knot.__init__(self, "bias")
        self.activation = 1.0


class SigmoidKnot(Knot):
    def compute_activation(self):
        values = [edge.source.activation for edge in self.into]
        weights = [edge.weight for edge in self.into]
        self.activation = 1 / (1 + exp(-dot(values, weights)))

    def compute_output_delta(self, target):
        out = self.activation
        self.delta = out * (1 - out) * (target - out)

    def compute_hidden_delta(self):
        next_deltas = [edge.dest.delta for edge in self.out_of]
        weights = [edge.old_weight for edge in self.out_of]
        a = self.activation
        self.delta = a * (1 - a) * dot(next_deltas, weights)

    def update_weights(self):
        for edge in self.into:
            edge.change(edge.weight + self.rate * self.delta * edge.source.activation)


class Wire:
    def __init__(self, source, dest, weight):
        self.source = source
        self.dest = dest
        self.weight = weight
        self.old_weight = 0.0

    def change(self, new_weight):
        self.old_weight = self.weight
        self.weight = new_weight


class KnotNetwork:
    def __init__(self, input_size, output_size, hidden_sizes=(), rate=1.0):
        self.layers = [[Knot("in_%d" % i) for i in range(input_size)]]
        for n, size in enumerate([*hidden_sizes, output_size]):
            self.layers.append([SigmoidKnot("%d-%d" % (n, j), rate) for j in range(size)])
        for before, after in zip(self.layers, self.layers[1:]):
            for source, dest in product(before, after):
                self._connect(source, dest)
        self.bias = BiasKnot()
        for layer in self.layers[1:]:
            for knot in layer:
                self._connect(self.bias, knot)

    def _connect(self, source, dest):
        wire = Wire(source, dest, random.gauss(0, 0.1))
        source.out_of.append(wire)
        dest.into.append(wire)

    def predict(self, vector):
        for knot, value in zip(self.layers[0], vector):
            knot.activation = value
        for layer in self.layers[1:]:
            for knot in layer:
                knot.compute_activation()
        return [knot.activation for knot in self.layers[-1]]

    def backpropagation(self, target_vector):
        for knot, target in zip(self.layers[-1], target_vector):
            knot.compute_output_delta(target)
            knot.update_weights()
        for layer in reversed(self.layers[1:-1]):
            for knot in layer:
                knot.compute_hidden_delta()
                knot.update_weights()


if __name__ == "__main__":
    net = KnotNetwork(2, 1, [2])
    for turn in range(5000):
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
            net.predict([a, b])
            net.backpropagation([a ^ b])
    print(net.predict([0, 1]))
