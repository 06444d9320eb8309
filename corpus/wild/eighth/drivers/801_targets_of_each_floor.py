from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.FloorNetwork(3, 1, 4, 2)
        net.weights, net.biases = [W1.T.copy(), W2.T.copy()], [b1[:, None].copy(), b2[:, None].copy()]
        net.train(x, t)
        found = []
        for W, w, b, end in zip((W1, W2), net.weights, (b1, b2), net.biases, strict=True):
            found += [(W - w.T) / 0.1, (b - end.ravel()) / 0.1]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
