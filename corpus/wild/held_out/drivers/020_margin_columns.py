def gradient(m, W1, X, T, l2):
    return (m.hinge(W1, X.T, T.T, l2)[1],)


def loss(m, W1, X, T, l2):
    return m.hinge(W1, X.T, T.T, l2)[0][0, 0]
