import numpy as np


def sigmoid(z):  # between 0 and 1
    return 1 / (1 + np.exp(-z))


def probabilities(X, theta):
    return sigmoid(X @ theta)


def cost(X, y, theta):  # binary cross-entropy
    m = len(y)
    p = probabilities(X, theta)
    p = np.clip(p, 1e-10, 1 - 1e-10)
    return (-1 / m) * np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


def descend(X, y, theta, rate, n):
    m = len(y)
    costs = []
    for i in range(n):
        p = probabilities(X, theta)
        errors = p - y
        slope = (1 / m) * X.T @ errors
        theta = theta - rate * slope
        costs.append(cost(X, y, theta))
        if i % 100 == 0:
            print(f"{i}/{n}: {costs[-1]:.4f}")
    return theta, costs


if __name__ == "__main__":
    rng = np.random.RandomState(42)
    customers = rng.randn(60, 4)
    left = (customers @ np.array([1.0, -1, 0.5, 0]) > 0).astype(float).reshape(-1, 1)
    X = np.c_[np.ones((customers.shape[0], 1)), customers]
    theta, costs = descend(X, left, np.zeros((X.shape[1], 1)), 0.05, 300)
    print(theta.flatten(), cost(X, left, theta))
