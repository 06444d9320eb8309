from corpus.wild.helpers import stepped, summed

PATHS = ("network.layers[0].W", "network.layers[0].b", "network.layers[1].W", "network.layers[1].b")


def given(W1, b1, W2, b2):
    return dict(zip(PATHS, (W1.T, b1[:, None], W2.T, b2[:, None]), strict=True))


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        def step(o):
            o.network.propagate_backward(x[:, None], t[:, None])
            o.network.update(x[:, None])

        g = stepped(m, given(W1, b1, W2, b2), step, 0.1)
        return g[0].T, g[1][:, 0], g[2].T, g[3][:, 0]

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    stepped(m, given(W1, b1, W2, b2), lambda o: None, 1)
    pairs = zip(X[:, :, None], T[:, :, None], strict=True)
    return sum(m.network.error_func.get_value(t, m.network.propagate_forward(x)) for x, t in pairs)
