NAMES = ("W1", "B1", "W2", "B2", "W3", "B3")


def forward(m, X, *P):
    return m.forward(X.T, {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)})


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    g = m.backward(T.T, *forward(m, X, W1, b1, W2, b2, W3, b3))
    return tuple(g["d" + name].T for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.total_cost(T.T, forward(m, X, W1, b1, W2, b2, W3, b3)[0])[0]
