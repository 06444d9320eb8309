def gradient(m, W1, b1, W2, X, T):
    (dW1, db1, dW2), _ = m.manual_grad([W1.T, b1, W2.T], X.T, T.T)
    return dW1.T, db1, dW2.T


def loss(m, W1, b1, W2, X, T):
    return m.manual_grad([W1.T, b1, W2.T], X.T, T.T)[1]
