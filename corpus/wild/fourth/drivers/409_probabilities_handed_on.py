def gradient(m, W1, b1, X, T):
    return m.backward_propagation(X, T, m.forward_pass(W1, b1, X))


def loss(m, W1, b1, X, T):
    return m.cross_entropy_loss(T, m.forward_pass(W1, b1, X))
