NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    params = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return params, *m.forward_pass(X.T, params)


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    params, _, caches = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.backward_pass(params, caches, T.T)
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.cost_of(forward(m, X, W1, b1, W2, b2, W3, b3)[1], T.T)
