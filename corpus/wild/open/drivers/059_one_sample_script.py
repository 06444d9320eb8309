from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        end = m.run(x=x, target=t[0], w_ih=W1, w_ho=W2[:, 0])
        return end["change_ih"] / -0.5, end["change_ho"][:, None] / -0.5

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
