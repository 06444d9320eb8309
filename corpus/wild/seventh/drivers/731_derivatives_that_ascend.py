def gradient(m, W1, b1, W2, b2, X, T):
    Y, Z = m.soft(X, W1, b1, W2, b2)
    return m.slope_w1(X, Z, T, Y, W2), m.slope_b1(T, Y, W2, Z), m.slope_w2(Z, T, Y), m.slope_b2(T, Y)


def loss(m, W1, b1, W2, b2, X, T):
    return m.likelihood(T, m.soft(X, W1, b1, W2, b2)[0])
