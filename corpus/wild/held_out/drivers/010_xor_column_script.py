from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        given = {"samples": x[None], "wanted": t[None], "W1": W1.T, "b1": b1[:, None], "W2": W2.T, "b2": b2[:, None]}
        end = m.run(**given, steps=1)
        return [((given[k] - end[k]) / 0.05).T.reshape(s) for k, s in shapes]

    shapes = [("W1", W1.shape), ("b1", b1.shape), ("W2", W2.shape), ("b2", b2.shape)]
    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
