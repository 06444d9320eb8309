from math import e

import numpy as np


def sigm(X):
    """The logistic function, entry by entry."""
    den = 1.0 + e ** (-1.0 * X)
    return 1.0 / den


def compute_cost(theta, X, y):
    m = X.shape[0]
    theta = np.reshape(theta, (len(theta), 1))
    h = sigm(X.dot(theta))
    J = (1. / m) * (-np.transpose(y).dot(np.log(h)) - np.transpose(1 - y).dot(np.log(1 - h)))
    return J[0][0]


def compute_grad(theta, X, y):
    theta = np.reshape(theta, (1, len(theta)))
    m = X.shape[0]
    grad = np.zeros(theta.size)
    h = sigm(X.dot(theta.T))
    delta = h - y
    for i in range(grad.size):
        sumdelta = delta.T.dot(X[:, i])
        grad[i] = (1.0 / m) * sumdelta[0] * -1
    return grad


def minimise(X, y, rounds=400, step=0.1):
    theta = 0.1 * np.ones(X.shape[1])
    for i in range(rounds):
        theta = theta - step * compute_grad(theta, X, y)
    return theta


if __name__ == '__main__':
    np.random.seed(2)
    scores = np.random.randn(30, 2)
    passed = (scores.sum(axis=1) > 0).astype(float).reshape(-1, 1)
    print(minimise(np.append(np.ones((30, 1)), scores, axis=1), passed))
