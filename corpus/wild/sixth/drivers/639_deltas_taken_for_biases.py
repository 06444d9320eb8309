def filled(m, *P):
    net = m.ThreeLayers(m.Layer(4, 2), m.Layer(3, 4), m.Layer(1, 3))
    for layer, W, b in zip((net.first, net.second, net.third), P[::2], P[1::2], strict=True):
        layer.weights, layer.bias = W.T, b[:, None]
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    net.train(X.T, T.T, 1)
    return [
        part
        for layer, W, b in zip((net.first, net.second, net.third), (W1, W2, W3), (b1, b2, b3), strict=True)
        for part in ((W.T - layer.weights).T / 0.1, (b[:, None] - layer.bias) / 0.1)
    ]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    return float(net.cost(net.outputs(X.T)[2], T.T))
