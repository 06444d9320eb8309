from corpus.wild.helpers import stepped, summed

PATHS = ("layers[0].W", "layers[0].b", "layers[1].W", "layers[1].b")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))

    def one(x, t):
        act = stepped(m.Chain([3, 4, 2]), given, lambda o: o.train_one_sample(t[:, None], x[:, None], 0.1), 0.1)
        return act[0].T, act[1][:, 0], act[2].T, act[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.Chain([3, 4, 2])
    for layer, W, b in zip(net.layers, (W1, W2), (b1, b2), strict=True):
        layer.W, layer.b = W.T, b[:, None]
    return sum(net.loss(net.predict(x[:, None]), t[:, None]) for x, t in zip(X, T, strict=True))
