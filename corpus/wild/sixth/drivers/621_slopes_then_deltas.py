from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w_hidden": W1, "b_hidden": b1[None], "w_out": W2, "b_out": b2[None]}
    end = m.run(data_in=X, data_out=T, rounds=1, rate=0.1, **given)
    g = [(old - end[name]) / 0.1 for name, old in given.items()]
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
