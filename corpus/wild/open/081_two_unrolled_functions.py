import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def rolled(nn_params, n_in, n_hidden, n_labels):
    cut = (n_in + 1) * n_hidden
    return nn_params[0:cut].reshape(n_hidden, n_in + 1), nn_params[cut:].reshape(n_labels, n_hidden + 1)


def table(y, n_labels):
    return np.eye(n_labels)[(y - 1).ravel()]


def cost_function(nn_params, n_in, n_hidden, n_labels, X, y, lmbda):
    Theta1, Theta2 = rolled(nn_params, n_in, n_hidden, n_labels)
    m = X.shape[0]
    A1 = np.hstack((np.ones((m, 1)), X))
    A2 = np.hstack((np.ones((m, 1)), squash(np.matmul(A1, Theta1.T))))
    h = squash(np.matmul(A2, Theta2.T))
    Y = table(y, n_labels)
    J = np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / m
    T1, T2 = Theta1[:, 1:], Theta2[:, 1:]
    return J + (np.sum(T1 * T1) + np.sum(T2 * T2)) * lmbda * 0.5 / m


def grad_function(nn_params, n_in, n_hidden, n_labels, X, y, lmbda):
    Theta1, Theta2 = rolled(nn_params, n_in, n_hidden, n_labels)
    m = X.shape[0]
    A1 = np.hstack((np.ones((m, 1)), X))
    A2 = np.hstack((np.ones((m, 1)), squash(np.matmul(A1, Theta1.T))))
    A3 = squash(np.matmul(A2, Theta2.T))
    delta3 = A3 - table(y, n_labels)
    delta2 = (delta3 @ Theta2 * (A2 * (1 - A2)))[:, 1:]
    grad1 = delta2.T @ A1 / m
    grad2 = delta3.T @ A2 / m
    T1, T2 = Theta1.copy(), Theta2.copy()
    T1[:, 0] = 0
    T2[:, 0] = 0
    grad1 = grad1 + T1 * lmbda / m
    grad2 = grad2 + T2 * lmbda / m
    return np.hstack((grad1.ravel(), grad2.ravel()))[:, None]
