def filled(m, W1, b1, W2, b2):
    net = m.LayeredNetwork([m.Full(4, 0.1), m.Activation("tanh"), m.Full(3, 0.1), m.SoftmaxLoss()])
    for layer, W, b in zip(net.layers[::2], (W1, W2), (b1, b2), strict=True):
        layer.W, layer.b = W, b
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    net._bprop(X, T)
    return (*net.layers[0].increments(), *net.layers[2].increments())


def loss(m, W1, b1, W2, b2, X, T):
    return filled(m, W1, b1, W2, b2).loss(X, T)
