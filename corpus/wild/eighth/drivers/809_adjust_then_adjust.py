import numpy as np
from corpus.wild.helpers import summed


def filled(m, W1, W2, x, t):
    net = m.GateNetwork([x.tolist()], [t.tolist()], 3, 4, 1)
    net.input_weights, net.hidden_weights = W1.tolist(), W2.tolist()
    return net


def gradient(m, W1, W2, X, T):
    def one(x, t):
        net = filled(m, W1, W2, x, t)
        net.learn(1)
        return (W1 - np.array(net.input_weights)) / 0.25, (W2 - np.array(net.hidden_weights)) / 0.25

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    total = 0.0
    for x, t in zip(X, T, strict=True):
        net = filled(m, W1, W2, x, t)
        net.feed_forward()
        total += net.error(t[0], net.output_layer[0])
    return total
