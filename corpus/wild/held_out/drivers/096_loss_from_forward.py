from corpus.wild.helpers import summed


def gradient(m, W1, W2, W3, X, T):
    def one(x, t):
        net = m.MLP(2, 3, 4, 3)
        net.layers = [W1, W2, W3]
        return net.forward(x, t.argmax(), requires_grad=True)[1]

    return summed(one, X, T)


def loss(m, W1, W2, W3, X, T):
    net = m.MLP(2, 3, 4, 3)
    net.layers = [W1, W2, W3]
    return sum(net.forward(x, t.argmax()) for x, t in zip(X, T, strict=True))
