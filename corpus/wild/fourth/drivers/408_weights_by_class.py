def gradient(m, W1, X, T, l2):
    return (m.cross_entropy_grad(W1.T, X, T, 2 * l2).T,)


def loss(m, W1, X, T, l2):
    return m.cross_entropy(W1.T, X, T, 2 * l2)
