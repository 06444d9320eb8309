def net_of(m, W1, b1, W2, b2, l2):
    net = m.TwoLayerNet(3, [4], 3, weight_decay_lambda=2 * l2)
    for name, value in {"W1": W1, "b1": b1, "W2": W2, "b2": b2}.items():
        net.params[name][...] = value
    return net


def gradient(m, W1, b1, W2, b2, X, T, l2):
    g = net_of(m, W1, b1, W2, b2, l2).gradient(X, T)
    return g["W1"], g["b1"], g["W2"], g["b2"]


def loss(m, W1, b1, W2, b2, X, T, l2):
    return net_of(m, W1, b1, W2, b2, l2).loss(X, T)
