from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    end = m.run(X=X, y=T, W1=W1, b1=b1[None], W2=W2, b2=b2[None], rounds=1)
    return (W1 - end["W1"]) / 0.1, (b1 - end["b1"][0]) / 0.1, (W2 - end["W2"]) / 0.1, (b2 - end["b2"][0]) / 0.1


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
