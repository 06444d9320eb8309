def gradient(m, W1, b1, X, T, l2):
    w, b = m.train_svm(X, (T[:, 0] + 1) / 2, 2 * l2, 0.1, 1, W1[:, 0].copy(), b1[0])
    return (W1 - w[:, None]) / 0.1, (b1 - b) / 0.1


def loss(m, W1, b1, X, T, l2):
    scores = m.infer_svm(X, W1[:, 0], b1[0])[1]
    return m.hinge_loss((T[:, 0] + 1) / 2, scores) + l2 * (W1**2).sum()
