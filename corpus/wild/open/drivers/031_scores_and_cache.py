import numpy as np
from corpus.wild.helpers import relu, softmax


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.TwoLayerNet(3, 3, 4)
    net.elems.update(weight1=W1, bias1=b1, weight2=W2, bias2=b2)
    scores, cache = net.forward(X)
    g = net.backward((softmax(scores) - T) / len(X), cache)
    return g["weight1"], g["bias1"], g["weight2"], g["bias2"]


def loss(m, W1, b1, W2, b2, X, T):
    return -(T * np.log(softmax(relu(X @ W1 + b1) @ W2 + b2))).sum() / len(X)
