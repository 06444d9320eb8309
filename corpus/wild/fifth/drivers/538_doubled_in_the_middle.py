NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, T, *P):
    params = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return m.forward_n(X.T, T.T, params)


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    g = m.backward_n(X.T, T.T, forward(m, X, T, W1, b1, W2, b2, W3, b3)[1])
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return forward(m, X, T, W1, b1, W2, b2, W3, b3)[0]
