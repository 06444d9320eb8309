def gradient(m, W1, b1, W2, b2, X, T):
    Y, Z = m.forward(X, W1, b1, W2, b2)
    return (
        m.derivative_w1(X, Z, T, Y, W2),
        m.derivative_b1(T, Y, W2, Z),
        m.derivative_w2(Z, T, Y),
        m.derivative_b2(T, Y),
    )


def loss(m, W1, b1, W2, b2, X, T):
    return m.cost(T, m.forward(X, W1, b1, W2, b2)[0])
