from corpus.wild.helpers import sigmoid

NAMES = ("w_in", "b_in", "w_out", "b_out")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(NAMES, (W1, b1[None], W2, b2[None]), strict=True))
    end = m.run(points=X, sines=T, epochs=1, rate=0.1, **given)
    g = [(old - end[name]) / 0.1 for name, old in given.items()]
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
