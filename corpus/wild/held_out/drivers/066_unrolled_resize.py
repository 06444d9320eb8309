from corpus.wild.helpers import rerolled, unrolled


def told(m, W1, b1, W2, b2, X, T, l2):
    return m.cost_function(unrolled(W1, b1, W2, b2), 2, 4, 3, X, T.argmax(axis=1) + 1, 2 * l2 * len(X))


def gradient(m, W1, b1, W2, b2, X, T, l2):
    return rerolled(told(m, W1, b1, W2, b2, X, T, l2)[1], W1, b1, W2, b2)


def loss(m, W1, b1, W2, b2, X, T, l2):
    return told(m, W1, b1, W2, b2, X, T, l2)[0]
