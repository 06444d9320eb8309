from corpus.wild.helpers import sigmoid, summed

NAMES = ("v1", "hid_shift", "v2", "out_shift")


def gradient(m, W1, b1, W2, b2, X, T):
    given = dict(zip(NAMES, (W1, b1, W2, b2), strict=True))

    def one(x, t):
        end = m.run(samples=x[None], labels=t[None], n_out=2, n_hid=4, rounds=1, **given)
        return [(old - end[name]) / 0.1 for name, old in given.items()]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
