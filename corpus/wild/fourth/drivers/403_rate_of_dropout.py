NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    params = {name: p if p.ndim == 2 else p[None] for name, p in zip(NAMES, P, strict=True)}
    return params, *m.forward(X, params, 0.0, True)


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    params, probs, cache = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.backward(probs, T, params, cache, 0.0)
    return tuple(g["d" + name] if name[0] == "W" else g["d" + name][0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.ce_loss(forward(m, X, W1, b1, W2, b2, W3, b3)[1], T)
