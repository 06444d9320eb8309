import numpy as np


def sigmoid(X):
    return 1.0 / (1.0 + np.e ** (-1.0 * X))


def compute_cost(theta, X, y):
    m = X.shape[0]
    theta = np.reshape(theta, (len(theta), 1))
    h = sigmoid(X.dot(theta))
    J = (1.0 / m) * (-np.transpose(y).dot(np.log(h)) - np.transpose(1 - y).dot(np.log(1 - h)))
    return J[0][0]


def compute_grad(theta, X, y):
    m = X.shape[0]
    theta.shape = (1, 3)
    grad = np.zeros(3)
    delta = sigmoid(X.dot(theta.T)) - y
    for i in range(grad.size):
        total = delta.T.dot(X[:, i])
        grad[i] = (1.0 / m) * total[0] * -1
    theta.shape = (3,)
    return grad
