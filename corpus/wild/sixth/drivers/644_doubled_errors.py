from corpus.wild.helpers import sigmoid, stepped


def gradient(m, W1, W2, X, T):
    return stepped(m.TruthTable(X, T), {"first": W1, "second": W2}, lambda o: (o.feedforward(), o.backprop()), 1)


def loss(m, W1, W2, X, T):
    return ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
