import copy

import numpy as np


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def slope(z):
    return np.multiply(squash(z), 1 - squash(z))


def predict(Theta1, Theta2, X):
    ones = np.ones([X.shape[0], 1])
    h1 = squash(np.dot(np.concatenate((ones, X), axis=1), Theta1.T))
    h2 = squash(np.dot(np.concatenate((ones, h1), axis=1), Theta2.T))
    return h1, h2


def cost_and_grads(Theta1, Theta2, n_in, n_hidden, n_labels, X, y, l):
    m = X.shape[0]
    Y = np.zeros([m, n_labels])
    for i in range(m):
        Y[i, y[i] - 1] = 1
    h1, h2 = predict(Theta1, Theta2, X)
    table = np.dot(np.log(h2), -Y.T) - np.dot(np.log(1 - h2), (1 - Y.T))
    table = np.multiply(table, np.eye(m))
    J = 0
    for i in range(m):
        J += table[i, i]
    T1 = copy.deepcopy(Theta1)
    T1[:, 0] = 0
    T2 = copy.deepcopy(Theta2)
    T2[:, 0] = 0
    J = 1.0 * J / m + 1.0 * l / (2 * m) * (np.sum(pow(T1, 2)) + np.sum(pow(T2, 2)))
    Delta2 = np.zeros([n_labels, n_hidden + 1])
    Delta1 = np.zeros([n_hidden, n_in + 1])
    ones = np.ones([m, 1])
    z = np.dot(np.concatenate((ones, X), axis=1), Theta1.T)
    slopes = slope(np.concatenate((ones, z), axis=1))
    for i in range(m):
        example = np.matrix(X[i])
        h1, h2 = predict(Theta1, Theta2, example)
        delta3 = h2.T - np.matrix(Y[i, :]).T
        delta2 = np.multiply(np.dot(Theta2.T, delta3), np.matrix(slopes[i]).T)[1:, :]
        one = np.ones([1, 1])
        Delta2 = Delta2 + np.dot(delta3, np.concatenate((one, h1), axis=1))
        Delta1 = Delta1 + np.dot(delta2, np.concatenate((one, example), axis=1))
    grad1 = Delta1 * 1.0 / m + 1.0 * l / m * T1
    grad2 = Delta2 * 1.0 / m + 1.0 * l / m * T2
    print("cost", J)
    return J, np.array(grad1), np.array(grad2)
