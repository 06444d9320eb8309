from corpus.wild.helpers import sigmoid


def gradient(m, W1, W2, X, T):
    end = m.run(X=X, y=T, w_hid=W1, w_out=W2, EPOCHS=1, rate=0.1)
    return (W1 - end["w_hid"]) / 0.1, (W2 - end["w_out"]) / 0.1


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(X @ W1) @ W2 - T) ** 2).sum()
