NAMES = ("W1", "b1", "W2", "b2")


def forward(m, X, *P):
    params = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return params, *m.forward(params, X.T)


def gradient(m, W1, b1, W2, b2, X, T):
    params, _, cache = forward(m, X, W1, b1, W2, b2)
    g = m.backward(params, cache, X.T, T.T)
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, X, T):
    return m.cost_of(forward(m, X, W1, b1, W2, b2)[1], T.T)
