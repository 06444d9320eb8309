import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cost_of(X, y, theta):
    m = len(y)
    h = sigmoid(X @ theta)
    epsilon = 1e-5
    cost = (1 / m) * (((-y).T @ np.log(h + epsilon)) - ((1 - y).T @ np.log(1 - h + epsilon)))
    return cost


def gradient_descent(X, y, params, learning_rate, iterations):
    m = len(y)
    costs = np.zeros((iterations, 1))
    for i in range(iterations):
        params = params - (learning_rate / m) * (X.T @ (sigmoid(X @ params) - y))
        costs[i] = cost_of(X, y, params).item()
    return (costs, params)


def predict(X, params):
    return np.round(sigmoid(X @ params))
