import numpy as np


def svm_inference(X, w, b):
    logits = X @ w + b
    labels = (logits > 0).astype(int)
    return labels, logits


def svm_train(X, Y, lambda_, lr=1e-3, steps=1000, init_w=None, init_b=0):
    m, n = X.shape
    w = init_w if init_w is not None else np.zeros(n)
    b = init_b
    C = (2 * Y) - 1
    for step in range(steps):
        labels, logits = svm_inference(X, w, b)
        hinge_diff = -C * ((C * logits) < 1)
        grad_w = (hinge_diff @ X) / m + lambda_ * w
        grad_b = hinge_diff.mean()
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b


def hinge_loss(labels, logits):
    loss = np.maximum(0, 1 - (2 * labels - 1) * logits)
    return loss.mean()
