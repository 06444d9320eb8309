from corpus.wild.helpers import stepped

PATHS = ("_w_hid", "_b_hid", "_w_out", "_b_out")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1.T, b1, W2.T, b2), strict=True))
    g = stepped(m.GateNet(3), given, lambda o: o.train_step(X, T), 0.1)
    return g[0].T, g[1], g[2].T, g[3]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.GateNet(3)
    net._w_hid, net._b_hid, net._w_out, net._b_out = W1.T, b1, W2.T, b2
    net._there(X)
    return net._cost(T)
