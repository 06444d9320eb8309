from corpus.wild.helpers import sigmoid


def gradient(m, W1, b1, W2, b2, X, T):
    m.W1, m.b1, m.W2, m.b2 = W1.T, b1[:, None], W2.T, b2[:, None]
    dW2, db2, dW1, db1 = m.backward_propagation(X.T, T.T, *m.forward_propagation(X.T, T.T, m.W1, m.b1, m.W2, m.b2))
    return dW1.T, db1.squeeze(), dW2.T, db2.squeeze()


def loss(m, W1, b1, W2, b2, X, T):
    return 0.5 * ((sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) - T) ** 2).sum()
