from math import exp
from random import random


def new_net(n_inputs, n_hidden, n_outputs):
    net = []
    net.append([{'weights': [random() for i in range(n_inputs + 1)]} for j in range(n_hidden)])
    net.append([{'weights': [random() for i in range(n_hidden + 1)]} for j in range(n_outputs)])
    return net


def weigh(weights, inputs):
    total = weights[-1]
    for i in range(len(weights) - 1):
        total += weights[i] * inputs[i]
    return total


def fire(total):
    return 1 / (1 + exp(-total))


def run(net, row):
    inputs = row
    for layer in net:
        outputs = []
        for neuron in layer:
            neuron['output'] = fire(weigh(neuron['weights'], inputs))
            outputs.append(neuron['output'])
        inputs = outputs
    return inputs


def fire_slope(output):
    return output * (1.0 - output)


def send_back(net, expected):
    for i in reversed(range(len(net))):
        layer = net[i]
        errors = []
        if i != len(net) - 1:
            for j in range(len(layer)):
                error = 0.0
                for neuron in net[i + 1]:
                    error += (neuron['weights'][j] * neuron['delta'])
                errors.append(error)
        else:
            for j in range(len(layer)):
                errors.append(expected[j] - layer[j]['output'])
        for j in range(len(layer)):
            layer[j]['delta'] = errors[j] * fire_slope(layer[j]['output'])


def change(net, row, rate):
    for i in range(len(net)):
        inputs = row
        if i != 0:
            inputs = [neuron['output'] for neuron in net[i - 1]]
        for neuron in net[i]:
            for j in range(len(inputs) - 1):
                neuron['weights'][j] += rate * neuron['delta'] * inputs[j]
            neuron['weights'][-1] += rate * neuron['delta']


def train(net, rows, rate, n_epoch, n_outputs):
    for epoch in range(n_epoch):
        off = 0
        for row in rows:
            outputs = run(net, row)
            expected = [0 for i in range(n_outputs)]
            expected[row[-1]] = 1
            off += sum([(expected[i] - outputs[i])**2 for i in range(len(expected))])
            send_back(net, expected)
            change(net, row, rate)
        print(">epoch={0}, rate={1:.3f}, error={2:.3f}".format(epoch, rate, off))


def predict(net, row):
    outputs = run(net, row)
    return outputs.index(max(outputs))
