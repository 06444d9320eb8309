import numpy as np


def cost_of(predicted, y, m):
    return (1 / (2 * m)) * ((predicted - y) ** 2).sum()


def predicted(X, theta):
    return X.dot(theta)


def gradient_descent(X, y, theta, m, alpha):
    for i in range(1500):
        new0 = theta[0][0] - alpha * (1 / m) * (predicted(X, theta) - y).sum()
        new1 = theta[1][0] - alpha * (1 / m) * ((predicted(X, theta) - y) * X[:, 1]).sum()
        theta[0][0] = new0
        theta[1][0] = new1
    return theta


if __name__ == "__main__":
    data = np.array([[0.1, 1.2], [0.4, 1.9], [0.7, 2.3], [0.9, 3.1]])
    y = data[:, 1]
    m = y.size
    X = np.ones(shape=(m, 2))
    X[:, 1] = data[:, 0]
    theta = np.zeros(shape=(2, 1))
    print(gradient_descent(X, y, theta, m, 0.01))
