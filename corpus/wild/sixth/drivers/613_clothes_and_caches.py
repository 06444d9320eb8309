NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    return m.model_forward(X.T, {n: p.T if p.ndim == 2 else p[:, None] for n, p in zip(NAMES, P, strict=True)})


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    m.n_pieces = len(X)
    AL, caches = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.model_backward(AL, T.T, caches)
    return tuple(g["d" + n].T if n[0] == "W" else g["d" + n][:, 0] for n in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.cost_of(forward(m, X, W1, b1, W2, b2, W3, b3)[0], T.T)
