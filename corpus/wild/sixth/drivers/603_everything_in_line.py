from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(data=X, goal=T, first=W1, second=W2, range=lambda _: (0,))
    return W1 - end["first"], W2 - end["second"]


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
