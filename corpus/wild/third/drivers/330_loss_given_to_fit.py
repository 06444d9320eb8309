from corpus.wild.helpers import stepped

PATHS = ("model.layers[0].weights", "model.layers[0].bias", "model.layers[2].weights", "model.layers[2].bias")


def given(W1, b1, W2, b2):
    return dict(zip(PATHS, (W1, b1[None], W2, b2[None]), strict=True))


def gradient(m, W1, b1, W2, b2, X, T):
    g = stepped(m, given(W1, b1, W2, b2), lambda o: o.model.fit(X, T, 1, len(X), 0.1, o.loss_fn), 0.1)
    return g[0], g[1][0], g[2], g[3][0]


def loss(m, W1, b1, W2, b2, X, T):
    stepped(m, given(W1, b1, W2, b2), lambda o: None, 1)
    return m.loss_fn.get_loss(m.model.forward(X), T)
