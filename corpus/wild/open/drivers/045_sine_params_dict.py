def gradient(m, W1, b1, W2, b2, X, T):
    p = {"W1": W1.T, "b1": b1[:, None], "W2": W2.T, "b2": b2[:, None]}
    new = m.update(p, m.back_propagate(X.T, p, *m.forward_propagate(X.T, p), T.T), 1.0)
    return tuple((p[k] - new[k]).T.reshape(s) for k, s in zip(p, (W1.shape, b1.shape, W2.shape, b2.shape), strict=True))


def loss(m, W1, b1, W2, b2, X, T):
    p = {"W1": W1.T, "b1": b1[:, None], "W2": W2.T, "b2": b2[:, None]}
    return m.compute_cost(m.forward_propagate(X.T, p)[1], T.T)
