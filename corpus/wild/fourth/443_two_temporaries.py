import numpy as np


def cost_function(hypothesis, y, m):
    return (1 / (2 * m)) * ((hypothesis - y) ** 2).sum()


def hypothesis(X, theta):
    return X.dot(theta)


def gradient_descent(X, y, theta, m, alpha):
    for i in range(1500):
        temp1 = theta[0][0] - alpha * (1 / m) * (hypothesis(X, theta) - y).sum()
        temp2 = theta[1][0] - alpha * (1 / m) * ((hypothesis(X, theta) - y) * X[:, 1]).sum()
        theta[0][0] = temp1
        theta[1][0] = temp2
    return theta


if __name__ == "__main__":
    data = np.array([[0.1, 1.2], [0.4, 1.9], [0.7, 2.3], [0.9, 3.1]])
    y = data[:, 1]
    m = y.size
    X = np.ones(shape=(m, 2))
    X[:, 1] = data[:, 0]
    theta = np.zeros(shape=(2, 1))
    print(gradient_descent(X, y, theta, m, 0.01))
