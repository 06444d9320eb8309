import numpy as np


def layer(theta, a):
    return 1.0 / (1.0 + np.exp(-np.dot(a, theta.T)))


def with_ones(a):
    return np.concatenate((np.reshape(np.ones(len(a)), (len(a), 1)), a), axis=1)


def cost_and_deltas(theta1, theta2, theta3, x, y, lamda=0):
    m = len(y)
    a1 = with_ones(x)
    a2 = with_ones(layer(theta1, a1))
    a3 = with_ones(layer(theta2, a2))
    a4 = layer(theta3, a3)
    j = 1.0 / len(y) * (-y * np.log(a4) - (1 - y) * np.log(1 - a4))
    squares = np.sum(theta1[:, 1:] ** 2) + np.sum(theta2[:, 1:] ** 2) + np.sum(theta3[:, 1:] ** 2)
    J = j.sum() + lamda / (2 * len(y)) * squares
    delta4 = a4 - y
    delta3 = np.dot(delta4, theta3) * a3 * (1 - a3)
    delta2 = np.dot(delta3[:, 1:], theta2) * a2 * (1 - a2)
    Delta1 = 1.0 / m * np.dot(delta2[:, 1:].T, a1)
    Delta2 = 1.0 / m * np.dot(delta3[:, 1:].T, a2)
    Delta3 = 1.0 / m * np.dot(delta4.T, a3)
    return J, Delta1, Delta2, Delta3, a3
