from corpus.wild.helpers import sigmoid


def gradient(m, W1, X, T):
    weights = W1.copy()
    m.train(X, T, weights, 1)
    return (W1 - weights,)


def loss(m, W1, X, T):
    return 0.5 * ((sigmoid(X @ W1) - T) ** 2).sum()
