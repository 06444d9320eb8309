from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        w_a, w_b = W1.T.copy(), W2.T.copy()
        m.step(x, t, w_a, w_b)
        return (W1 - w_a.T) / 0.1, (W2 - w_b.T) / 0.1

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
