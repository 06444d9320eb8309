from corpus.wild.helpers import summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        _, (dV, dW, Ev, Ew) = m.train(x, t, W1, W2, b1, b2)
        return dV, Ev, dW, Ew

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return sum(m.train(x, t, W1, W2, b1, b2)[0] for x, t in zip(X, T, strict=True))
