from corpus.wild.helpers import sigmoid


def gradient(m, W1, X, T):
    return (W1 - m.run(X=X, y=T, syn=W1, rounds=1)["syn"],)


def loss(m, W1, X, T):
    return 0.5 * ((sigmoid(X @ W1) - T) ** 2).sum()
