def net_of(m, W1, b1, W2, b2, W3, b3):
    net = m.MLP2Hidden(2, 4, 3, 3)
    net.W1, net.b1, net.W2, net.b2, net.W3, net.b3 = W1, b1[None], W2, b2[None], W3, b3[None]
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = net_of(m, W1, b1, W2, b2, W3, b3)
    net.forward(X)
    g = net.backward(X, T.argmax(axis=1))
    return g["dW1"], g["db1"][0], g["dW2"], g["db2"][0], g["dW3"], g["db3"][0]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.cross_entropy(net_of(m, W1, b1, W2, b2, W3, b3).forward(X), T.argmax(axis=1))
