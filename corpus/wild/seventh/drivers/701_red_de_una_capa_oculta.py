from corpus.wild.helpers import stepped

PATHS = ("W1", "b1", "W2", "b2")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
    return stepped(m.RedSimple(2, 3, 1, 0.5), given, lambda o: o.backward(X, T, o.forward(X)), 0.5)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.RedSimple(2, 3, 1, 0.0)
    net.W1, net.b1, net.W2, net.b2 = (p.copy() for p in (W1, b1, W2, b2))
    return net.train(X, T, 1)[0]
