def gradient(m, W1, b1, W2, b2, X, T):
    z, h = m.forward_prop(X.T, W1.T, W2.T, b1[:, None], b2[:, None])
    g = m.back_prop(X.T, m.softmax(z), T.T, h, W1.T, W2.T, b1[:, None], b2[:, None], len(X))
    return g[0].T, g[2][:, 0], g[1].T, g[3][:, 0]


def loss(m, W1, b1, W2, b2, X, T):
    z, _ = m.forward_prop(X.T, W1.T, W2.T, b1[:, None], b2[:, None])
    return m.compute_cost(T.T, m.softmax(z), len(X))
