from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    middle, first, second, out = m.there(X, W1.copy(), W2.copy(), None)
    _, first, second, *_ = m.back(middle, first, second, X, T, out)
    return W1 - first, W2 - second


def loss(m, W1, W2, X, T):
    return ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
