from corpus.wild.helpers import stepped

PATHS = ("W1", "b1", "W2", "b2")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))
    g = stepped(m.RedMulticapa(4, 5, 3, 0.1), given, lambda o: o.entrenar(X, T, 1), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.RedMulticapa(4, 5, 3, 0.0)
    net.W1, net.b1, net.W2, net.b2 = W1, b1[None], W2, b2[None]
    return net.entrenar(X, T, 1)[0]
