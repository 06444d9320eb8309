def gradient(m, W1, X, T):
    return (m.svm_loss(W1[:, 0], X, T[:, 0], 1.0)[1][:, None],)


def loss(m, W1, X, T):
    return m.svm_loss(W1[:, 0], X, T[:, 0], 1.0)[0]
