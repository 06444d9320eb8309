from math import exp, tanh
from random import random


def initialize_network_custom(tab):
    network = list()
    for idx_layer in range(1, len(tab)):
        layer = []
        for idx_neuron in range(tab[idx_layer]):
            layer.append({'weights': [random() for k in range(tab[idx_layer - 1] + 1)]})
        network.append(layer)
    return network


def activate(weights, inputs):
    activation = weights[-1]
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def transfer_sigmoid(x, derivate):
    if derivate == 0:
        return 1.0 / (1.0 + exp(-x))
    else:
        return x * (1.0 - x)


def transfer_tanh(x, derivate):
    if derivate == 0:
        return tanh(x)
    else:
        return 1.0 - tanh(x)**2


def forward_propagate(network, row, transfer):
    inputs = row
    for layer in network:
        new_inputs = []
        for neuron in layer:
            activation = activate(neuron['weights'], inputs)
            neuron['output'] = transfer(activation, 0)
            new_inputs.append(neuron['output'])
        inputs = new_inputs
    return inputs


def backward_propagate_error(network, expected, transfer):
    for idx_layer in reversed(range(len(network))):
        layer = network[idx_layer]
        errors = list()
        if idx_layer != len(network) - 1:
            for idx_neuron_layer_N in range(len(layer)):
                error = 0.0
                for neuron_layer_M in network[idx_layer + 1]:
                    error += (neuron_layer_M['weights'][idx_neuron_layer_N] * neuron_layer_M['delta'])
                errors.append(error)
        else:
            for idx_neuron in range(len(layer)):
                errors.append(expected[idx_neuron] - layer[idx_neuron]['output'])
        for idx_neuron in range(len(layer)):
            neuron = layer[idx_neuron]
            neuron['delta'] = errors[idx_neuron] * transfer(neuron['output'], 1)


def update_weights(network, row, l_rate):
    for idx_layer in range(len(network)):
        inputs = row[:-1]
        if idx_layer != 0:
            inputs = [neuron['output'] for neuron in network[idx_layer - 1]]
        for neuron in network[idx_layer]:
            for idx_input in range(len(inputs)):
                neuron['weights'][idx_input] += l_rate * neuron['delta'] * inputs[idx_input]
            neuron['weights'][-1] += l_rate * neuron['delta'] * 1


def one_hot_encoding(n_outputs, row_in_dataset):
    expected = [0 for i in range(n_outputs)]
    expected[row_in_dataset[-1]] = 1
    return expected


def train_network(network, train, l_rate, n_epoch, n_outputs, transfer):
    for epoch in range(n_epoch):
        sum_error = 0
        for row in train:
            outputs = forward_propagate(network, row, transfer)
            expected = one_hot_encoding(n_outputs, row)
            sum_error += sum([(expected[i] - outputs[i])**2 for i in range(len(expected))])
            backward_propagate_error(network, expected, transfer)
            update_weights(network, row, l_rate)
