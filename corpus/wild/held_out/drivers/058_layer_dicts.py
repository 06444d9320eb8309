from corpus.wild.helpers import stepped

PATHS = ('layers[1]["weights"]', 'layers[1]["bias"]', 'layers[2]["weights"]', 'layers[2]["bias"]')


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1, W2, b2), strict=True))
    return stepped(m.Network([3, 4, 2], 0.1), given, lambda o: o.train(X, T), 0.1)


def loss(m, W1, b1, W2, b2, X, T):
    layers = [{}, {"weights": W1, "bias": b1}, {"weights": W2, "bias": b2}]
    return m.calculate_error(m.forward_propagation(layers, X)[-1], T, len(X)).sum()
