from corpus.wild.helpers import sigmoid, stepped

PATHS = ("weights[0]", "biases[0]", "weights[1]", "biases[1]")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))
    g = stepped(m.Net([2, 4, 2]), given, lambda o: o.train(X.T, T.T, 1, 0.01), 0.01)
    return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum() / len(X)
