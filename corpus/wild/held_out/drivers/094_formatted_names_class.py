from corpus.wild.helpers import stepped

PATHS = tuple(f'params["{letter}{i}"]' for i in (1, 2, 3) for letter in "Wb")


def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    def act(o):
        o.forward(X)
        o.backward(T, 0.1)

    given = dict(zip(PATHS, (W1, b1[None], W2, b2[None], W3, b3[None]), strict=True))
    g = stepped(m.MLP(2, [4, 3], 3), given, act, 0.1)
    return tuple(d if i % 2 == 0 else d[0] for i, d in enumerate(g))


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    net = m.MLP(2, [4, 3], 3)
    net.params.update(W1=W1, b1=b1[None], W2=W2, b2=b2[None], W3=W3, b3=b3[None])
    return net.compute_loss(T, net.forward(X))
