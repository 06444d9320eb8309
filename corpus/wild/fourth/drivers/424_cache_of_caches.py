NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def forward(m, X, *P):
    return m.deep_model(X.T, {name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)})


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    AV, caches = forward(m, X, W1, b1, W2, b2, W3, b3)
    g = m.deep_model_back(AV, T.T, caches)
    return tuple(g["d" + name].T if name[0] == "W" else g["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.cost_computation(forward(m, X, W1, b1, W2, b2, W3, b3)[0], T.T)
