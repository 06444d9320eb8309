from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, W2, X, T):
    return stepped(m.MLP(), {"w": W1, "v": W2}, lambda o: o.backward(X, o.forward(X), T), 0.01)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
