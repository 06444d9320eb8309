from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        ends = m.entrenamiento(x[None], t[None], W1.T, W2.T, 1, 0.5, 1e9)
        return [(W - end.T) / 0.5 for W, end in zip((W1, W2), ends, strict=True)]

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
