from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        end = m.run(points=x[None], goal=t, v=W1, w=W2[:, 0])
        return (W1 - end["v"]) / 0.1, (W2 - end["w"][:, None]) / 0.1

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
