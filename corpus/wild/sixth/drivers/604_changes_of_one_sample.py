from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, W2, X, T):
    def one(x, t):
        end = m.run(sample=x, goal=t[0], w_in_mid=W1, w_mid_out=W2[:, 0])
        return -end["change_in_mid"] / 0.5, -end["change_mid_out"][:, None] / 0.5

    return summed(one, X, T)


def loss(m, W1, W2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1) @ W2) - T) ** 2).sum()
