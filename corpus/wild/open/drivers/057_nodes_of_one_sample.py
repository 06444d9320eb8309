from corpus.wild.helpers import stepped, summed

PATHS = ("layer1.weights", "layer1.biases", "layer2.weights", "layer2.biases")


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        given = dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))
        g = stepped(m.Network(x, 3, 0.01), given, lambda o: o.backward(o.forward_pass(), x, t[0]), 0.01)
        return g[0], g[1][0], g[2], g[3][0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    total = 0.0
    for x, t in zip(X, T, strict=True):
        net = m.Network(x, 3, 0.01)
        net.layer1.weights, net.layer1.biases, net.layer2.weights, net.layer2.biases = W1, b1[None], W2, b2[None]
        total += net.mse(t[0], net.forward_pass())
    return total
