from corpus.wild.helpers import stepped

PATHS = ("network[0].weights", "network[0].biases", "network[2].weights", "network[2].biases")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
    return stepped(m, given, lambda o: o.train(o.network, X, T.argmax(axis=1)), 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    stepped(m, dict(zip(PATHS, (W1, b1, W2, b2), strict=True)), lambda o: None, 1)
    return m.train(m.network, X, T.argmax(axis=1))
