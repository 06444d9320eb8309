import numpy as np


def infer_svm(X, w, b):
    scores = X @ w + b
    labels = (scores > 0).astype(int)
    return labels, scores


def train_svm(X, Y, lambda_, lr=1e-3, steps=1000, init_w=None, init_b=0):
    m, n = X.shape
    w = init_w if init_w is not None else np.zeros(n)
    b = init_b
    C = (2 * Y) - 1
    for step in range(steps):
        labels, scores = infer_svm(X, w, b)
        slopes = -C * ((C * scores) < 1)
        grad_w = (slopes @ X) / m + lambda_ * w
        grad_b = slopes.mean()
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b


def hinge_loss(labels, scores):
    loss = np.maximum(0, 1 - (2 * labels - 1) * scores)
    return loss.mean()
