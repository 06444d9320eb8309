import math


def squash(t):
    return 1 / (1 + math.exp(-t))


def dot(v, w):
    return sum(a * b for a, b in zip(v, w))


def neuron_output(weights, inputs):
    return squash(dot(weights, inputs))


def feed_forward(network, input_vector):
    outputs = []
    for layer in network:
        with_bias = [*input_vector, 1]
        input_vector = [neuron_output(neuron, with_bias) for neuron in layer]
        outputs.append(input_vector)
    return outputs


def backpropagate(network, input_vector, targets):
    hidden, outputs = feed_forward(network, input_vector)
    output_deltas = [o * (1 - o) * (o - t) for o, t in zip(outputs, targets)]
    for i, neuron in enumerate(network[-1]):
        for j, value in enumerate([*hidden, 1]):
            neuron[j] -= output_deltas[i] * value
    hidden_deltas = [h * (1 - h) * dot(output_deltas, [n[i] for n in network[-1]]) for i, h in enumerate(hidden)]
    for i, neuron in enumerate(network[0]):
        for j, value in enumerate([*input_vector, 1]):
            neuron[j] -= hidden_deltas[i] * value
