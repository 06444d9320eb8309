import math
import random


def squashed(x):
    return 1.0 / (1.0 + math.exp(-x))


def slope_at(y):
    return y * (1 - y)


class Neuron:
    def __init__(self, size):
        self.weights = [random.random() for _ in range(size)]

    def forward(self, inputs):
        self.inputs = inputs
        self.output = squashed(sum(v * w for v, w in zip(inputs, self.weights)))
        return self.output

    def back_propagate(self, error):
        self.delta = error * slope_at(self.output)
        self.learn()
        return [w * self.delta for w in self.weights]

    def learn(self):
        self.weights = [w - v * self.delta for w, v in zip(self.weights, self.inputs)]


class NeuronLayer:
    def __init__(self, size, count):
        self.neurons = [Neuron(size) for _ in range(count)]

    def forward(self, inputs):
        return [n.forward(inputs) for n in self.neurons]

    def back_propagate(self, errors):
        shares = [n.back_propagate(e) for n, e in zip(self.neurons, errors)]
        return [sum(column) for column in zip(*shares)]


class Gate:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, inputs):
        for layer in self.layers:
            inputs = layer.forward(inputs)
        return inputs

    def back_propagate(self, errors):
        for layer in reversed(self.layers):
            errors = layer.back_propagate(errors)


if __name__ == "__main__":
    gate = Gate(NeuronLayer(3, 3), NeuronLayer(3, 1))
    # bias, A, B
    rows = [([1, 0, 0], [0]), ([1, 0, 1], [1]), ([1, 1, 0], [1]), ([1, 1, 1], [0])]
    for epoch in range(3001):
        for inputs, expected in rows:
            actual = gate.forward(inputs)
            errors = [a - e for a, e in zip(actual, expected)]
            gate.back_propagate(errors)
            if epoch % 1000 == 0:
                print("%d XOR %d = %.2f    error = %+.2f" % (inputs[1], inputs[2], actual[0], errors[0]))
