from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(x=X, y=T, w_hidden=W1, w_output=W2, rate=0.1, rounds=1)
    return (W1 - end["w_hidden"]) / 0.1, (W2 - end["w_output"]) / 0.1


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(X @ W1) @ W2 - T) ** 2).sum()
