NAMES = ("W1", "b1", "W2", "b2")


def forward(m, X, *P):
    parameters = {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)}
    return parameters, *m.forward(X.T, parameters, m.Sigmoid())


def gradient(m, W1, b1, W2, b2, X, T, l2):
    parameters, Y, caches = forward(m, X, W1, b1, W2, b2)
    g = m.Backward().backward(T.T, Y, caches, "cross_entropy", parameters, 2 * l2 * len(X))
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, X, T, l2):
    parameters, Y, _ = forward(m, X, W1, b1, W2, b2)
    return m.Backward().cross_entropy_cost(T.T, Y, parameters, 2 * l2 * len(X))
