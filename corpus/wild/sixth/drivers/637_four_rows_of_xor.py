NAMES = ("V", "c1", "U", "c2")


def ended(m, W1, b1, W2, b2, X, T):
    given = dict(zip(NAMES, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))
    return given, m.run(X=X, y=T, m=len(X), n_rounds=1, rate=0.1, **given)


def gradient(m, W1, b1, W2, b2, X, T):
    given, end = ended(m, W1, b1, W2, b2, X, T)
    g = [(old - end[name]) / 0.1 for name, old in given.items()]
    return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    return ended(m, W1, b1, W2, b2, X, T)[1]["cost"][0, 0]
