import numpy as np

NAMES = ("weights_for_layer", "bias_for_layer", "weights_for_layer", "bias_for_layer")


def filled(m, W1, b1, W2, b2):
    net = m.NeuralNetwork([2, 4, 2], 0.1)
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=False):
        layer.weights_for_layer, layer.bias_for_layer = W.copy(), b[None].copy()
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    net.forward_pass(X)
    net.back_pass(T)
    after = [getattr(net.layers[i // 2], name) for i, name in enumerate(NAMES)]
    return tuple(np.squeeze((old - new) / 0.1) for old, new in zip((W1, b1, W2, b2), after, strict=True))


def loss(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    net.forward_pass(X)
    net.calculate_error(T)
    return net.error
