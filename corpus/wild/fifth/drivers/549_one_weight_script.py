from corpus.wild.helpers import sigmoid


def gradient(m, W1, X, T):
    return (W1 - m.run(inputs=X, target=T, w=W1, rounds=1)["w"],)


def loss(m, W1, X, T):
    return 0.5 * ((sigmoid(X @ W1) - T) ** 2).sum()
