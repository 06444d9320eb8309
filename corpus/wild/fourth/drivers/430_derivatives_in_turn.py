def gradient(m, W1, b1, W2, b2, X, T):
    ends = m.climb(1, X, W1.copy(), b1.copy(), W2.copy(), b2.copy(), T, 0.1)
    return tuple((old - end) / 0.1 for old, end in zip((W1, b1, W2, b2), ends, strict=True))


def loss(m, W1, b1, W2, b2, X, T):
    return -m.cost(T, m.forward(X, W1, b1, W2, b2)[0])
