from math import exp
from random import random, seed


def new_network(n_in, n_hidden, n_out):
    network = list()
    network.append([{'weights': [random() for i in range(n_in + 1)]} for i in range(n_hidden)])
    network.append([{'weights': [random() for i in range(n_hidden + 1)]} for i in range(n_out)])
    return network


def weighted(weights, inputs):
    total = weights[-1]
    for i in range(len(weights) - 1):
        total += weights[i] * inputs[i]
    return total


def squash(total):
    return 1.0 / (1.0 + exp(-total))


def go_forward(network, row):
    inputs = row
    for layer in network:
        outs = []
        for neuron in layer:
            neuron['out'] = squash(weighted(neuron['weights'], inputs))
            outs.append(neuron['out'])
        inputs = outs
    return inputs


def squash_slope(out):
    return out * (1.0 - out)


def go_back(network, expected):
    for i in reversed(range(len(network))):
        layer = network[i]
        errors = list()
        if i != len(network) - 1:
            for j in range(len(layer)):
                error = 0.0
            for neuron in network[i + 1]:
                error += (neuron['weights'][j] * neuron['delta'])
                errors.append(error)
        else:
            for j in range(len(layer)):
                neuron = layer[j]
                errors.append(neuron['out'] - expected[j])
        for j in range(len(layer)):
            neuron = layer[j]
            neuron['delta'] = errors[j] * squash_slope(neuron['out'])


def step(network, row, rate):
    for i in range(len(network)):
        inputs = row[:-1]
        if i != 0:
            inputs = [neuron['out'] for neuron in network[i - 1]]
        for neuron in network[i]:
            for j in range(len(inputs)):
                neuron['weights'][j] += rate * neuron['delta'] * inputs[j]
            neuron['weights'][-1] += rate * neuron['delta']


def train_all(network, rows, rate, n_epochs, n_out):
    for epoch in range(n_epochs):
        total = 0
        for row in rows:
            outs = go_forward(network, row)
            expected = [0 for i in range(n_out)]
            expected[row[-1]] = 1
            total += sum([(expected[i] - outs[i]) ** 2 for i in range(len(expected))])
            go_back(network, expected)
            step(network, row, rate)
        print('epoch %d, rate %.3f, error %.3f' % (epoch, rate, total))


if __name__ == '__main__':
    seed(2)
    rows = [[2.8, 2.6, 0], [1.5, 2.4, 0], [3.4, 4.4, 0], [7.6, 2.8, 1], [5.3, 2.1, 1], [6.9, 1.8, 1]]
    network = new_network(2, 2, 2)
    train_all(network, rows, 0.5, 20, 2)
