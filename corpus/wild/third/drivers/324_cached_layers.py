def filled(m, W1, b1, W2, b2):
    net = m.NeuralNetwork([2, 4, 1])
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
        layer.W, layer.b = W, b
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    net.backward(m.binary_cross_entropy_grad(net.forward(X), T))
    return tuple(g for layer in net.layers for g in (layer.dW, layer.db))


def loss(m, W1, b1, W2, b2, X, T):
    return m.binary_cross_entropy_loss(filled(m, W1, b1, W2, b2).forward(X), T)
