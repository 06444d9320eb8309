from corpus.wild.helpers import relu


def gradient(m, W1, W2, X, T):
    end = m.run(history=X, following=T[:, 0], w1=W1.T, w2=W2[:, 0], epochs=1)
    return (W1 - end["w1"].T) / 0.005, (W2 - end["w2"][:, None]) / 0.005


def loss(m, W1, W2, X, T):
    return ((relu(relu(X @ W1) @ W2) - T) ** 2).sum() / (2 * len(X))
