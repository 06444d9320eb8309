from corpus.wild.helpers import rerolled, unrolled


def gradient(m, W1, b1, W2, b2, X, T, l2):
    y = T.argmax(axis=1)[:, None] + 1
    g = m.grad_function(unrolled(W1, b1, W2, b2), 2, 3, 3, X, y, 2 * l2 * len(X))
    return rerolled(g[:, 0], W1, b1, W2, b2)


def loss(m, W1, b1, W2, b2, X, T, l2):
    y = T.argmax(axis=1)[:, None] + 1
    return m.cost_function(unrolled(W1, b1, W2, b2), 2, 3, 3, X, y, 2 * l2 * len(X))
