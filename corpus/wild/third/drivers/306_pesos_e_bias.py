from corpus.wild.helpers import sigmoid, stepped, summed


def gradient(m, W1, b1, W2, b2, X, T):
    given = {"w_1": W1.T, "bias_h": b1[:, None], "w_2": W2.T, "bias_o": b2[:, None]}

    def one(x, t):
        g = stepped(m.Rede_Neural(), given, lambda o: o.backpropagation(x, t), 0.7)
        return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
