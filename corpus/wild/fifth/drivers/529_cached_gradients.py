NAMES = ("w1", "b1", "w2", "b2")


def filled(m, *P):
    net = m.DeepNet(0.1, 1, ["relu", "sigmoid"], [3, 5, 1])
    net.cache.update({name: p.T if p.ndim == 2 else p[:, None] for name, p in zip(NAMES, P, strict=True)})
    return net


def gradient(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    net.backward(net.forward(X.T), T[:, 0])
    return tuple(net.cache["d" + name].T if name[0] == "w" else net.cache["d" + name][:, 0] for name in NAMES)


def loss(m, W1, b1, W2, b2, X, T):
    net = filled(m, W1, b1, W2, b2)
    return net.cost(net.forward(X.T), T[:, 0])
