from corpus.wild.helpers import rerolled, unrolled


def gradient(m, W1, b1, W2, b2, X, T, l2):
    theta = unrolled(W1, b1, W2, b2, order="F")
    grad = m.cost_and_grad(theta, 2, 3, 3, X, T.argmax(axis=1) + 1, 2 * l2 * len(X))[1][:, 0]
    return rerolled(grad, W1, b1, W2, b2, order="F")


def loss(m, W1, b1, W2, b2, X, T, l2):
    theta = unrolled(W1, b1, W2, b2, order="F")
    return m.cost_and_grad(theta, 2, 3, 3, X, T.argmax(axis=1) + 1, 2 * l2 * len(X))[0]
