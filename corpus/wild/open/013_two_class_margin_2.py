import numpy as np


def svm_loss(theta, X, y, C):
    m, d = X.shape
    margins = np.multiply(y, np.dot(X, theta))
    J = (C / (1.0 * m)) * np.sum(np.maximum(np.zeros(m), 1 - margins))
    J = J + np.dot(theta.T, theta) / (2.0 * m)
    grad = np.copy(theta) / (1.0 * m)
    inside = np.vectorize(lambda x: 1 if x < 1 else 0)(margins)
    grad -= (C / (1.0 * m)) * np.dot(X.T, np.multiply(inside, y))
    return J, grad
