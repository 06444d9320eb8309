def parameters(W1, b1, W2, b2):
    return {"W1": W1.T, "b1": b1[:, None], "W2": W2.T, "b2": b2[:, None]}


def gradient(m, W1, b1, W2, b2, X, T):
    m.n_batch = len(X)
    p = parameters(W1, b1, W2, b2)
    g = m.back_propagate(X.T, T.T, p, m.feed_forward(X.T, p))
    return g["dW1"].T, g["db1"][:, 0], g["dW2"].T, g["db2"][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    return m.compute_loss(T.T, m.feed_forward(X.T, parameters(W1, b1, W2, b2))["A2"])
