from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        m.Pc, m.Ps, m.But = W1.T.copy(), W2.T.copy(), t
        m.propager(x)
        m.apprendre()
        return (W1 - m.Pc.T) / 0.5, (W2 - m.Ps.T) / 0.5

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
