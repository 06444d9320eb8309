import numpy as np
from corpus.wild.helpers import relu, sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    net = m.NudgedNet()
    net.add_layer(m.ConnectedLayer(2, 4, m.relu))
    net.add_layer(m.ConnectedLayer(4, 1, m.sigmoid))
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
        layer.W, layer.bias = W.T.copy(), b[:, None].copy()
    net.fit([x[:, None] for x in X], [t[:, None] for t in T], 0.5, 1)
    found = []
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
        found += [(W - layer.W.T) / 0.5, (b - layer.bias.ravel()) / 0.5]
    return found


def loss(m, W1, b1, W2, b2, X, T):
    return np.mean((sigmoid(relu(X @ W1 + b1) @ W2 + b2) - T) ** 2)
