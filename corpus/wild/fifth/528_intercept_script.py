import numpy as np

rng = np.random.RandomState(1)
X = rng.randn(30, 2)
y = (X[:, 0] - X[:, 1] > 0.2).astype(float)


def with_intercept(X):
    ones = np.ones((X.shape[0], 1))
    return np.concatenate((ones, X), axis=1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def hypothesis(X, theta):
    return sigmoid(np.dot(X, theta))


alpha = 0.01
n_rounds = 1000

# coefficients
X1 = with_intercept(X)
theta = np.zeros(X1.shape[1])
m = y.size

costs = []
for i in range(n_rounds):
    h = hypothesis(X1, theta)

    cost = (-y * np.log(h) - (1 - y) * np.log(1 - h)).mean()
    costs.append(cost)

    slope = np.dot(X1.T, (h - y)) / m
    theta -= alpha * slope

    if i % 100 == 0:
        print('Cost: {}'.format(cost))

print('Theta: {}'.format(theta))
found = hypothesis(X1, theta).round()
print('Score: {}'.format((found == y).mean()))
