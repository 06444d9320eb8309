def gradient(m, W1, b1, W2, b2, W3, b3, X, T):
    _, kept, _ = m.forward(X, W1, W2, W3, b1, b2, b3, T[:, 0])
    return m.backward(X, *kept, T[:, 0], W1, W2, W3)


def loss(m, W1, b1, W2, b2, W3, b3, X, T):
    return m.forward(X, W1, W2, W3, b1, b2, b3, T[:, 0])[2]
