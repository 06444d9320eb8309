from corpus.wild.helpers import stepped

PATHS = ("layers[0].w", "layers[0].b", "layers[1].w", "layers[1].b")


def trained(m, W1, b1, W2, b2, X, T):
    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))
    told = []

    def act(o):
        m.random.seed(0)
        told.append(m.train([[x[None], t[None]] for x, t in zip(X, T, strict=True)], len(X)))

    return stepped(m.network, given, act, m.RATE), told[0]


def gradient(m, W1, b1, W2, b2, X, T):
    g = trained(m, W1, b1, W2, b2, X, T)[0]
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return trained(m, W1, b1, W2, b2, X, T)[1]
