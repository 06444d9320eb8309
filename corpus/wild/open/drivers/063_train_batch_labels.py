from corpus.wild.helpers import stepped

PATHS = ("weights[0]", "biases[0]", "weights[1]", "biases[1]")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
    return stepped(m.MLP([2, 4], [4, 3]), given, lambda o: o.train_batch(X, T.argmax(axis=1), 0.1), 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    net = m.MLP([2, 4], [4, 3])
    net.weights, net.biases = [W1 + 0, W2 + 0], [b1 + 0, b2 + 0]
    return net.train_batch(X, T.argmax(axis=1), 0.1)
