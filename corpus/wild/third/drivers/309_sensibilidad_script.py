from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        given = {"w1": W1.T, "b1": b1[:, None], "w2": W2.T, "b2": b2[:, None]}
        end = m.run(**given, p=x[0], t=t[0])
        g = {k: (given[k] - end[f"nuevo_{k}"]) / 0.1 for k in given}
        return g["w1"].T, g["b1"], g["w2"].T, g["b2"][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return ((sigmoid(X @ W1 + b1) @ W2 + b2 - T) ** 2).sum()
