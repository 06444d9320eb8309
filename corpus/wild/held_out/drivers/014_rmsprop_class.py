import numpy as np
from corpus.wild.helpers import relu, softmax


def gradient(m, W1, b1, W2, b2, X, T):
    net, seen = m.Network(2, [4], 3), {}

    def plain(i, dW, dB, rate, decay):
        seen[i] = dW, dB
        return 0 * dW, 0 * dB

    net.rmsprop = plain
    for inputs in (X[::-1] + 1, X):
        net.weights, net.biases = [W1 + 0, W2 + 0], [b1[None] + 0, b2[None] + 0]
        net.input_layer = inputs
        net.forward()
        net.backward(T, 0.1, 0.9)
    return seen[0][0], seen[0][1][0], seen[1][0], seen[1][1][0]


def loss(m, W1, b1, W2, b2, X, T):
    return -(T * np.log(softmax(relu(X @ W1 + b1) @ W2 + b2))).sum()
