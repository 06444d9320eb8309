from copy import copy

import numpy as np


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def slope(z):
    return squash(z) * (1 - squash(z))


def cost_function(nn_params, n_in, n_hidden, n_labels, X, y, lmbda):
    Theta1 = nn_params[0 : (n_hidden * (n_in + 1))]
    Theta1.resize(n_hidden, n_in + 1)
    Theta2 = nn_params[n_hidden * (n_in + 1) : nn_params.size]
    Theta2.resize(n_labels, n_hidden + 1)
    m = np.size(X, 0)
    Y = np.zeros([m, n_labels])
    for i in range(0, np.size(y)):
        Y[i, y[i] - 1] = 1
    a_1 = np.concatenate((np.ones([m, 1]), X), axis=1)
    z_2 = a_1.dot(Theta1.T)
    a_2 = np.concatenate((np.ones([m, 1]), squash(z_2)), axis=1)
    a_3 = squash(a_2.dot(Theta2.T))
    J = (1.0 / m) * np.sum(np.sum(-Y * np.log(a_3) - (1 - Y) * np.log(1 - a_3), 0))
    without1 = copy(Theta1)
    without1[:, 0] = 0
    without2 = copy(Theta2)
    without2[:, 0] = 0
    J = J + (lmbda / (2 * m)) * (np.sum(without1**2) + np.sum(without2**2))
    delta_3 = a_3 - Y
    delta_2 = delta_3.dot(Theta2) * np.concatenate((np.ones([m, 1]), slope(z_2)), axis=1)
    delta_2 = np.delete(delta_2, 0, 1)
    grad1 = delta_2.T.dot(a_1) / m
    grad2 = delta_3.T.dot(a_2) / m
    grad1 = grad1 + np.concatenate((np.zeros([n_hidden, 1]), (lmbda / m) * np.delete(Theta1, 0, 1)), axis=1)
    grad2 = grad2 + np.concatenate((np.zeros([n_labels, 1]), (lmbda / m) * np.delete(Theta2, 0, 1)), axis=1)
    return J, np.concatenate((grad1.ravel(), grad2.ravel()), axis=0)
