NAMES = ("W1", "b1", "W2", "b2")


def columns(*P):
    return {n: p.T if p.ndim == 2 else p[:, None] for n, p in zip(NAMES, P, strict=True)}


def gradient(m, W1, b1, W2, b2, X, T):
    params = columns(W1, b1, W2, b2)
    g = m.backward_pass(params, m.forward_pass(X.T, params)[1], X.T, T.T)
    return g["dW1"].T, g["db1"][:, 0], g["dW2"].T, g["db2"][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    return m.loss_of(m.forward_pass(X.T, columns(W1, b1, W2, b2))[0], T.T)
