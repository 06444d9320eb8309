import numpy as np


def svm_loss(theta, X, y, C):
    m, d = X.shape
    margins = np.multiply(y, X.dot(theta))
    J = np.mean(theta**2) / d + C * np.mean(np.maximum(1 - margins, np.zeros([m, 1])))
    grad = (theta - C * np.sum(np.multiply(y[np.newaxis].T, X), axis=0) / m * np.sum(margins < 1, axis=0)) / m
    return J, grad
