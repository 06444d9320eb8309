from corpus.wild.helpers import stepped

PATHS = ("weights[0]", "biases[0]", "weights[1]", "biases[1]")


def pairs(X, T):
    return [(x[:, None], t[:, None]) for x, t in zip(X, T, strict=True)]


def given(W1, b1, W2, b2):
    return dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))


def gradient(m, W1, b1, W2, b2, X, T, l2):
    data, n = pairs(X, T), len(X)
    g = stepped(m.CostNet([3, 4, 2]), given(W1, b1, W2, b2), lambda o: o.update_batch(data, 0.1, 2 * l2 * n, n), 0.1)
    return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T, l2):
    net = m.CostNet([3, 4, 2])
    net.weights, net.biases = [W1.T, W2.T], [b1[:, None], b2[:, None]]
    return net.total_cost(pairs(X, T), 2 * l2 * len(X))
