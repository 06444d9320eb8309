def filled(m, W1, b1, W2, b2):
    net = m.Network([3, 4, 2], [m.sigmoid, m.identity])
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
        layer.W, layer.b = W.T, b[:, None]
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    found = net.back_propagate(net.evaluate(X.T), T.T)
    return tuple(part for g in found for part in (g.dW.T, g.db[:, 0]))


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((filled(m, W1, b1, W2, b2).evaluate(X.T)[-1].A - T.T) ** 2).sum() / len(X)
