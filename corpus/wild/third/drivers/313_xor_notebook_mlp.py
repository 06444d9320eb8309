from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"W1": W1, "b1": b1[None], "W2": W2, "b2": b2[None]}
    g = stepped(m.MLP(2, 4, 1), given, lambda o: o.backward(X, T[:, 0], o.forward(X)), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    return ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).mean()
