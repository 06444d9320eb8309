from corpus.wild.helpers import stepped

PATHS = ("layers[0].W", "layers[0].b", "layers[1].W", "layers[1].b", "layers[2].W", "layers[2].b")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None], W3, b3[None]), strict=True))
    g = stepped(m.spiral_net(), given, lambda o: o.backward(o.forward(X), T, 0.1), 0.1)
    return [part[0] if i % 2 else part for i, part in enumerate(g)]


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = m.spiral_net()
    for layer, W, b in zip(net.layers, (W1, W2, W3), (b1, b2, b3), strict=True):
        layer.W, layer.b = W, b[None]
    return m.entropy(net.forward(X), T)
