from corpus.wild.helpers import summed


def filled(m, W1, b1, W2, b2, x, t):
    m.W, m.b, m.X, m.Y = [W1.T, W2.T], [b1, b2], x, float(t[0])
    return m.there(x, m.W, m.acts)


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        g_W, g_b = m.back(*filled(m, W1, b1, W2, b2, x, t))
        return g_W[0].T, g_b[0], g_W[1].T, g_b[1]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return sum(m.loss(filled(m, W1, b1, W2, b2, x, t)[1][-1][0]) for x, t in zip(X, T, strict=True))
