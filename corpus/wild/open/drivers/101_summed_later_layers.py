from corpus.wild.helpers import stepped

PATHS = ("layers[0].weights", "layers[0].bias", "layers[1].weights", "layers[1].bias")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1.T, b1, W2.T, b2), strict=True))
    g = stepped(m.MLP([2, 4, 3], ["relu", "linear"]), given, lambda o: o.train(X, T, 0.1), 0.1)
    return g[0].T, g[1], g[2].T, g[3]


def loss(m, W1, b1, W2, b2, X, T):
    net = m.MLP([2, 4, 3], ["relu", "linear"])
    for layer, (W, b) in zip(net.layers, ((W1, b1), (W2, b2)), strict=True):
        layer.weights, layer.bias = W.T, b
    return m.cross_entropy_loss(net.forward(X), T)[0]
