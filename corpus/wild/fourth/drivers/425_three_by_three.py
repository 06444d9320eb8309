from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"hidden_weights": W1, "hidden_bias": b1[None], "output_weights": W2, "output_bias": b2[None]}
    g = stepped(m.SmallNetwork(), given, lambda o: o.train(X, T, 1, 0.1), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
