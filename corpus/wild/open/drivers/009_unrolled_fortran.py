from corpus.wild.helpers import rerolled, unrolled


def told(m, W1, b1, W2, b2, X, T, l2):
    theta = unrolled(W1, b1, W2, b2, order="F")
    return m.cost_function(theta, X, T.argmax(axis=1) + 1, 3, 4, 3, 2 * l2 * len(X))


def gradient(m, W1, b1, W2, b2, X, T, l2):
    return rerolled(told(m, W1, b1, W2, b2, X, T, l2)[1], W1, b1, W2, b2, order="F")


def loss(m, W1, b1, W2, b2, X, T, l2):
    return told(m, W1, b1, W2, b2, X, T, l2)[0]
