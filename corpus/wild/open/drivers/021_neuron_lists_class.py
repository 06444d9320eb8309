import numpy as np
from corpus.wild.helpers import summed


def net_of(m, W1, b1, W2):
    net = m.Net(0.1, [4, 3, 2])
    net.weights, net.bias = [W1.tolist(), W2.tolist()], [[0] * 4, b1.tolist(), [0, 0]]
    return net


def gradient(m, W1, b1, W2, X, T):
    def one(x, t):
        net = net_of(m, W1, b1, W2)
        net.expected = list(t)
        net.forward(list(x))
        net.backward()
        new = net.weights[0], net.bias[1], net.weights[1]
        return tuple((a - np.array(b)) / 0.1 for a, b in zip((W1, b1, W2), new, strict=True))

    return summed(one, X, T)


def loss(m, W1, b1, W2, X, T):
    net, total = net_of(m, W1, b1, W2), 0.0
    for x, t in zip(X, T, strict=True):
        net.forward(list(x))
        total += 0.5 * ((np.array(net.neurons[-1]) - t) ** 2).sum()
    return total
