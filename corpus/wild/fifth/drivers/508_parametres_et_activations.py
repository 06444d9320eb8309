NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    params = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return params, m.propager(X.T, params)


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    params, couches = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.retropropager(T.T, couches, params)
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.cout_log(forward(m, X, W1, b1, W2, b2, W3, b3)[1]["A3"], T.T)
