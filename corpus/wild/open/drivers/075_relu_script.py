from corpus.wild.helpers import relu


def gradient(m, W1, W2, X, T):
    end = m.run(x=X, y=T, w1=W1, w2=W2, rounds=1)
    return (W1 - end["w1"]) / 0.001, (W2 - end["w2"]) / 0.001


def loss(m, W1, W2, X, T):
    return ((relu(X @ W1) @ W2 - T) ** 2).sum()
