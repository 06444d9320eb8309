NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    params = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return params, *m.forward_all(X.T, params)


def gradient(m, W1, b1, W2, b2, W3, b3, X, T, l2):
    _, AL, caches = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.backward_all_l2(AL, T.T, caches, 2 * l2 * len(X))
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T, l2):
    params, AL, _ = forward(m, X, W1, b1, W2, b2, W3, b3)
    return m.cost_with_l2(AL, T.T, params, 2 * l2 * len(X))
