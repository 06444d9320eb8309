def gradient(m, W1, b1, X, T):
    return m.backward(X, T, m.forward(W1, b1, X))


def loss(m, W1, b1, X, T):
    return m.cross_entropy(T, m.forward(W1, b1, X))
