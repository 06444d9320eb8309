def filled(m, *P):
    for layer, W, b in zip(m.network.layers[::2], P[::2], P[1::2], strict=True):
        layer.weights, layer.bias = W, b
    return m.network


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    net.forward(X)
    net.backward(T, m.criterion)
    return tuple(part for layer in net.layers[::2] for part in (layer.dweights, layer.dbias))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    net.forward(X)
    return net.backward(T, m.criterion)
