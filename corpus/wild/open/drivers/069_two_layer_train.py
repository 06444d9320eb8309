from corpus.wild.helpers import stepped

PATHS = ('params["W1"]', 'params["b1"]', 'params["W2"]', 'params["b2"]')


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
    return stepped(m.TwoLayerNet(2, 4, 3), given, lambda o: o.train(X, T.argmax(axis=1), 0.1, 0.0), 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.TwoLayerNet(2, 4, 3)
    net.params.update(W1=W1, b1=b1, W2=W2, b2=b2)
    return net.loss(X, T.argmax(axis=1))[0]
