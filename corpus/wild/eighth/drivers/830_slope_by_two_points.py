from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        net = m.GraphOfWidths([2, 4, 1], [None, m.sigmoid, None], 0.05)
        net.w = {"W1": W1.copy(), "W2": W2.copy()}
        net.b = {"B1": b1[None].copy(), "B2": b2[None].copy()}
        net.train(x[:, None], t[:, None])
        found = []
        for W, b, i in ((W1, b1, "1"), (W2, b2, "2")):
            found += [(W - net.w["W" + i]) / 0.05, (b - net.b["B" + i].ravel()) / 0.05]
        return found

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(X @ W1 + b1) @ W2 + b2 - T) ** 2).sum()
