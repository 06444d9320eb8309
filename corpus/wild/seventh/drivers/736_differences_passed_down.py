from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.Building([3, 4, 2])
        for floor, W, b in zip(net.floors, (W1, W2), (b1, b2), strict=False):
            floor.weights, floor.biases = W.T.copy(), b.copy()
        net.output(x)
        m.propagate(net, t, 0.1)
        found = []
        for floor, W, b in zip(net.floors, (W1, W2), (b1, b2), strict=False):
            found += [(W - floor.weights.T) / 0.1, (b - floor.biases) / 0.1]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
