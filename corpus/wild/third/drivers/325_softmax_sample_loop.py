def gradient(m, W1, b1, X, T):
    w, b = m.gradient_descent(W1.copy(), b1.copy(), X, T, 0.1, 1)
    return (W1 - w) / 0.1, (b1 - b) / 0.1


def loss(m, W1, b1, X, T):
    return m.loss(W1, b1, X, T)
