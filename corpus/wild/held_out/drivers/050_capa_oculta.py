def gradient(m, W1, b1, W2, b2, X, T):
    Z1, A1, _, y_hat = m.forward(X, W1, b1[None], W2, b2[None])
    dW1, db1, dW2, db2 = m.backward(X, T, Z1, A1, y_hat, W2)
    return dW1, db1[0], dW2, db2[0]


def loss(m, W1, b1, W2, b2, X, T):
    return m.perdida_media(T, m.forward(X, W1, b1[None], W2, b2[None])[-1])
