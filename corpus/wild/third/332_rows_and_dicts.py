from math import exp
from random import random, seed


def initialize_network(n_inputs, n_hidden, n_outputs):
    seed(1)
    hidden = [{"weights": [random() for _ in range(n_inputs + 1)]} for _ in range(n_hidden)]
    output = [{"weights": [random() for _ in range(n_hidden + 1)]} for _ in range(n_outputs)]
    return [hidden, output]


def activate(weights, inputs):
    activation = weights[-1]
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def transfer(activation):
    return 1.0 / (1.0 + exp(-activation))


def transfer_derivative(output):
    return output * (1.0 - output)


def forward_propagate(network, row):
    inputs = row
    for layer in network:
        passed_on = []
        for neuron in layer:
            neuron["output"] = transfer(activate(neuron["weights"], inputs))
            passed_on.append(neuron["output"])
        inputs = passed_on
    return inputs


def backward_propagate_error(network, expected):
    for i in reversed(range(len(network))):
        layer = network[i]
        errors = []
        for j in range(len(layer)):
            if i == len(network) - 1:
                errors.append(expected[j] - layer[j]["output"])
            else:
                errors.append(sum(neuron["weights"][j] * neuron["delta"] for neuron in network[i + 1]))
        for j in range(len(layer)):
            layer[j]["delta"] = errors[j] * transfer_derivative(layer[j]["output"])


def update_weights(network, row, l_rate):
    for i in range(len(network)):
        inputs = row[:-1]
        if i != 0:
            inputs = [neuron["output"] for neuron in network[i - 1]]
        for neuron in network[i]:
            for j in range(len(inputs)):
                neuron["weights"][j] += l_rate * neuron["delta"] * inputs[j]
            neuron["weights"][-1] += l_rate * neuron["delta"]


def train_network(network, train, l_rate, n_epoch, n_outputs):
    for epoch in range(n_epoch):
        for row in train:
            forward_propagate(network, row)
            expected = [0 for _ in range(n_outputs)]
            expected[row[-1]] = 1
            backward_propagate_error(network, expected)
            update_weights(network, row, l_rate)
