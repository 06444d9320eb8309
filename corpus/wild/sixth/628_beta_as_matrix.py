import numpy as np


def scaled(data):
    low = np.min(data, axis=0)
    return (data - low) / (np.max(data, axis=0) - low)


def cost_of(beta, X, y):
    p = logistic(beta, X)
    ones = y * np.log(p)
    zeros = (1 - y) * np.log(1 - p)
    return np.mean(-ones - zeros)


def logistic(beta, X):
    return 1.0 / (1 + np.exp(-np.dot(X, beta.T)))


def slope_of(beta, X, y):
    off = logistic(beta, X) - y.reshape(X.shape[0], -1)
    return np.dot(off.T, X)


def descend(X, y, beta, rate=.01, enough=.001):
    cost = cost_of(beta, X, y)
    change = 1
    n = 1
    while change > enough:
        before = cost
        beta = beta - rate * slope_of(beta, X, y)
        cost = cost_of(beta, X, y)
        change = before - cost
        n += 1
    return beta, n


if __name__ == "__main__":
    rng = np.random.RandomState(0)
    data = scaled(rng.rand(50, 2))
    y = (data[:, 0] > data[:, 1]).astype(float)
    X = np.hstack((np.asmatrix(np.ones(data.shape[0])).T, data))
    beta, n = descend(X, y, np.asmatrix(np.zeros(X.shape[1])))
    print("Coefficients:", beta, "after", n)
