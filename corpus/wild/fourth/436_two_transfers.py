from math import exp
from random import random


def net_of(weights, inputs):
    activation = weights[-1]
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def net_of_relu(weights, inputs):
    activation = 0.1
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def transfer(activation):
    return 1.0 / (1.0 + exp(-activation))


def relu(activation):
    return max(0.0, activation)


def run_forward(network, row):
    inputs = row
    for layer in network:
        passed_on = []
        for neuron in layer:
            if layer != network[-1]:
                activation = net_of_relu(neuron['weights'], inputs)
                neuron['output'] = relu(activation)
            else:
                activation = net_of(neuron['weights'], inputs)
                neuron['output'] = transfer(activation)
            passed_on.append(neuron['output'])
        inputs = passed_on
    return inputs


def transfer_slope(output):
    return output * (1.0 - output)


def relu_slope(output):
    return 0.0 if output <= 0.0 else 1.0


def run_backward(network, expected):
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
                errors.append(layer[j]['output'] - expected[j])
        for j in range(len(layer)):
            neuron = layer[j]
            if i != len(network) - 1:
                neuron['delta'] = errors[j] * relu_slope(neuron['output'])
            else:
                neuron['delta'] = errors[j] * transfer_slope(neuron['output'])


def change_weights(network, row, rate):
    for i in range(len(network)):
        inputs = row[:-1]
        if i != 0:
            inputs = [neuron['output'] for neuron in network[i - 1]]
        for neuron in network[i]:
            for j in range(len(inputs)):
                neuron['weights'][j] -= rate * neuron['delta'] * inputs[j]
            neuron['weights'][-1] -= rate * neuron['delta']


def train_rows(network, train, rate, n_epoch, n_outputs):
    for epoch in range(n_epoch):
        missed = 0
        for row in train:
            outputs = run_forward(network, row)
            expected = [0 for i in range(n_outputs)]
            expected[row[-1]] = 1
            missed += sum([(expected[i] - outputs[i])**2 for i in range(len(expected))])
            run_backward(network, expected)
            change_weights(network, row, rate)
        print('>epoch=%d, lrate=%.3f, error=%.3f' % (epoch, rate, missed))


def new_network(n_inputs, n_hidden, n_outputs):
    hidden_layer = [{'weights': [random() for i in range(n_inputs + 1)]} for i in range(n_hidden)]
    output_layer = [{'weights': [random() for i in range(n_hidden + 1)]} for i in range(n_outputs)]
    return [hidden_layer, output_layer]
