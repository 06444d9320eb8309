NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def filled(m, *P):
    net = m.Reseau([3, 4, 3, 1])
    net.parametres = {n: p.T if p.ndim == 2 else p[:, None] for n, p in zip(NAMES, P, strict=True)}
    return net


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    g = net._arriere(T.T, net._avant(X.T)[1])
    return tuple(g["d" + n].T if n[0] == "W" else g["d" + n][:, 0] for n in NAMES)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = filled(m, W1, b1, W2, b2, W3, b3)
    return net._cout(net._avant(X.T)[0], T.T)
