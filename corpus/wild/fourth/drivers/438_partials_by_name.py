import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, b1, W2, b2):
    net = m.NeuralNetwork(2, 3, 2, list(W1.T.ravel()), 0.35, list(W2.T.ravel()), 0.6)
    for layer, b in ((net.hidden_layer, b1), (net.output_layer, b2)):
        for neuron, value in zip(layer.neurons, b, strict=True):
            neuron.bias = value
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = filled(m, W1, b1, W2, b2)
        net.train(list(x), list(t))
        ends = []
        for layer in (net.hidden_layer, net.output_layer):
            ends += [np.array([n.weights for n in layer.neurons]).T, np.array([n.bias for n in layer.neurons])]
        return tuple((old - end) / 0.5 for old, end in zip((W1, b1, W2, b2), ends, strict=True))

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return filled(m, W1, b1, W2, b2).find_total_error(list(zip(X, T, strict=True)))
