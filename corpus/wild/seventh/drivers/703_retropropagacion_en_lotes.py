from corpus.wild.helpers import sigmoid, summed


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = m.RedPorLotes([3, 4, 3, 2])
    net.pesos, net.sesgos = [W1.T, W2.T, W3.T], [b1[:, None], b2[:, None], b3[:, None]]

    def one(x, t):
        gb, gw = net.retropropagacion(x[:, None], t[:, None])
        return [part for w, b in zip(gw, gb, strict=True) for part in (w.T, b[:, 0])]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return 0.5 * ((sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3) - T) ** 2).sum()
