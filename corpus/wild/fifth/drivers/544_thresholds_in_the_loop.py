from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        drawn = iter([W1.copy(), W2.copy(), -b1[None], -b2[None]])
        m.rand, m.mean = lambda *_: next(drawn), lambda _: 0.0  # one round
        W_in, W_out, T_in, T_out = m.train(x[None], t[None], 0.1, W1.shape[1])
        return (W1 - W_in) / 0.1, (b1 + T_in[0]) / 0.1, (W2 - W_out) / 0.1, (b2 + T_out[0]) / 0.1

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
