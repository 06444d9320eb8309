from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(X=X, Y=T, Wh=W1, Wz=W2, epochs=1)
    return (W1 - end["Wh"]) / 0.1, (W2 - end["Wz"]) / 0.1


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(X @ W1) @ W2 - T) ** 2).sum()
