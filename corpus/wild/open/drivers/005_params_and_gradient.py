def net_of(m, W1, b1, W2, b2):
    net = m.TwoLayerNet(3, 4, 3)
    net.params.update(W1=W1, b1=b1, W2=W2, b2=b2)
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    g = net_of(m, W1, b1, W2, b2).gradient(X, T)
    return g["W1"], g["b1"], g["W2"], g["b2"]


def loss(m, W1, b1, W2, b2, X, T):
    return net_of(m, W1, b1, W2, b2).loss(X, T)
