from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        g = m.ajustar(x[:, None], t[:, None], W1.T, b1[:, None], W2.T, b2[:, None])
        return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    given = W1.T, b1[:, None], W2.T, b2[:, None]
    return sum(
        m.entropia_cruzada(m.ajustar(x[:, None], t[:, None], *given)[-1], t[:, None]) for x, t in zip(X, T, strict=True)
    )
