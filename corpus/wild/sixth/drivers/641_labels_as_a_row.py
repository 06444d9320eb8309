def ended(m, W1, b1, W2, b2, X, T):
    given = {"V": W1, "v0": b1[None], "U": W2, "u0": b2[None]}
    return given, m.run(X=X, y=T[:, 0], N=len(X), n_epochs=1, lr=0.1, **given)


def gradient(m, W1, b1, W2, b2, X, T):
    given, end = ended(m, W1, b1, W2, b2, X, T)
    g = [(old - end[name]) / 0.1 for name, old in given.items()]
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return ended(m, W1, b1, W2, b2, X, T)[1]["loss"]
