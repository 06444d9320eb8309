from corpus.wild.helpers import relu


def gradient(m, W1, W2, X, T):
    end = m.run(x=X, y=T, w1=W1, w2=W2, rate=0.01, range=lambda _: (0,))  # one round of its 1000
    return (W1 - end["w1"]) / 0.01, (W2 - end["w2"]) / 0.01


def loss(m, W1, W2, X, T):
    return ((relu(X @ W1) @ W2 - T) ** 2).sum()
