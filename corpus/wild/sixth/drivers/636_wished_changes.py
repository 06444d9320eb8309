import numpy as np


def filled(m, W1, b1, W2, b2):
    net = m.WishNet([3, 4, 2], 0.1)
    for layer, W in zip(net.layers, (W1, W2), strict=False):
        for neuron, row in zip(layer, W, strict=True):
            for weight, value in zip(neuron.out_weights, row, strict=True):
                weight.weight = value
    for layer, b in zip(net.layers[1:], (b1, b2), strict=True):
        for neuron, value in zip(layer, b, strict=True):
            neuron.bias_weight = value
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    for x, t in zip(X, T, strict=True):
        net.trainOnOneExample(x, t)
    net.CorrectFromWished()
    ends = [np.array([[w.weight for w in n.out_weights] for n in layer]) for layer in net.layers[:2]]
    offsets = [np.array([n.bias_weight for n in layer]) for layer in net.layers[1:]]
    both = zip((W1, b1, W2, b2), (ends[0], offsets[0], ends[1], offsets[1]), strict=True)
    return [(old - new) / 0.1 for old, new in both]


def loss(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    return np.mean([np.sum((np.array(net.result(x)) - t) ** 2) for x, t in zip(X, T, strict=True)])
