def gradient(m, W1, X, T):
    return ((W1 - m.run(x=X, y=T, w=W1, rounds=1)["w"]) / 1e-2,)


def loss(m, W1, X, T):
    return ((X @ W1 - T) ** 2).sum()
