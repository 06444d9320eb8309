from math import exp, tanh
from random import random


def new_network(tab):
    network = list()
    for at in range(1, len(tab)):
        layer = []
        for n in range(tab[at]):
            layer.append({'weights': [random() for k in range(tab[at - 1] + 1)]})
        network.append(layer)
    return network


def net_of(weights, inputs):
    net = weights[-1]
    for i in range(len(weights) - 1):
        net += weights[i] * inputs[i]
    return net


def transfer_sigmoid(x, slope):
    if slope == 0:
        return 1.0 / (1.0 + exp(-x))
    else:
        return x * (1.0 - x)


def transfer_tanh(x, slope):
    if slope == 0:
        return tanh(x)
    else:
        return 1.0 - tanh(x)**2


def run_forward(network, row, transfer):
    inputs = row
    for layer in network:
        passed_on = []
        for neuron in layer:
            net = net_of(neuron['weights'], inputs)
            neuron['output'] = transfer(net, 0)
            passed_on.append(neuron['output'])
        inputs = passed_on
    return inputs


def run_backward(network, expected, transfer):
    for at in reversed(range(len(network))):
        layer = network[at]
        errors = list()
        if at != len(network) - 1:
            for here in range(len(layer)):
                error = 0.0
                for behind in network[at + 1]:
                    error += (behind['weights'][here] * behind['delta'])
                errors.append(error)
        else:
            for n in range(len(layer)):
                errors.append(expected[n] - layer[n]['output'])
        for n in range(len(layer)):
            neuron = layer[n]
            neuron['delta'] = errors[n] * transfer(neuron['output'], 1)


def change_weights(network, row, rate):
    for at in range(len(network)):
        inputs = row[:-1]
        if at != 0:
            inputs = [neuron['output'] for neuron in network[at - 1]]
        for neuron in network[at]:
            for k in range(len(inputs)):
                neuron['weights'][k] += rate * neuron['delta'] * inputs[k]
            neuron['weights'][-1] += rate * neuron['delta'] * 1


def hot(n_outputs, row):
    expected = [0 for i in range(n_outputs)]
    expected[row[-1]] = 1
    return expected


def train_rows(network, train, rate, n_epoch, n_outputs, transfer):
    for epoch in range(n_epoch):
        missed = 0
        for row in train:
            outputs = run_forward(network, row, transfer)
            expected = hot(n_outputs, row)
            missed += sum([(expected[i] - outputs[i])**2 for i in range(len(expected))])
            run_backward(network, expected, transfer)
            change_weights(network, row, rate)
