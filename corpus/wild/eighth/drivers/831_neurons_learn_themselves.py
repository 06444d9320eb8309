import numpy as np
from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = m.Gate(m.NeuronLayer(3, 4), m.NeuronLayer(4, 2))
        for layer, W in zip(net.layers, (W1, W2), strict=True):
            for neuron, weights in zip(layer.neurons, W.T, strict=True):
                neuron.weights = weights.tolist()
        actual = net.forward(x.tolist())
        net.back_propagate([a - e for a, e in zip(actual, t.tolist(), strict=True)])
        ends = [np.array([neuron.weights for neuron in layer.neurons]).T for layer in net.layers]
        return [W - end for W, end in zip((W1, W2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
