from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"W1": W1, "b1": b1[None], "W2": W2, "b2": b2[None]}
    g = stepped(m.SimpleMLP(2, 2, 1), given, lambda o: o.train(X, T, 1), 0.5)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).mean()
