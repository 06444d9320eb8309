from corpus.wild.helpers import stepped

PATHS = ("_hid_w", "_hid_b", "_out_w", "_out_b")


def fitted(m, rate, *P):
    net = m.Perceptrons(4, "tanh", 1, rate)
    net._start = lambda X, y: None  # the weights are given
    return net, dict(zip(PATHS, (p if p.ndim == 2 else p[None] for p in P), strict=True))


def gradient(m, W1, b1, W2, b2, X, T):
    net, given = fitted(m, 0.1, W1, b1, W2, b2)
    g = stepped(net, given, lambda o: o.fit(X, T.argmax(axis=1)), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    net, given = fitted(m, 0.0, W1, b1, W2, b2)
    vars(net).update(given)
    return m.cross_entropy(T, net._run_layers(X)[1][-1])
