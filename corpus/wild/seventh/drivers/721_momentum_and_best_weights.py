def filled(m, W1, b1, W2, b2, X):
    net = m.MomentumNet(3, 5, 3)
    net.W1, net.b1, net.W2, net.b2 = W1, b1[None], W2, b2[None]
    net.forward(X)
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2, X)
    net.backward(X, T)
    return net.dW1, net.db1[0], net.dW2, net.db2[0]


def loss(m, W1, b1, W2, b2, X, T):
    return m.cross_entropy(filled(m, W1, b1, W2, b2, X).A2, T)
