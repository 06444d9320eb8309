import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return squash(z) * (1 - squash(z))


def layer(a, W, B):
    return np.dot(W, a.T).T + B.T


def cost(out, target):
    return np.sum((out - target) ** 2) / (2 * len(out))


rng = np.random.RandomState(0)
X = rng.random_sample((6, 3))
Y = np.eye(2)[rng.randint(0, 2, 6)]
B1, B2 = rng.standard_normal((3, 1)), rng.standard_normal((2, 1))
W1, W2 = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
batch, rate, rounds = 6, 3, 5

for i in range(rounds):
    sum_B1, sum_B2 = np.zeros(B1.shape), np.zeros(B2.shape)
    sum_W1, sum_W2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for start in range(0, np.size(X, 0), batch):
        inputs, outputs = X[start : start + batch], Y[start : start + batch]
        Z1 = layer(inputs, W1.T, B1)
        A1 = squash(Z1)
        Z2 = layer(A1, W2.T, B2)
        A2 = squash(Z2)
        err2 = (outputs - A2) * slope(Z2)
        err1 = np.multiply(np.dot(err2, W2.T), slope(Z1))
        sum_B2 = np.add(sum_B2, np.sum(err2, axis=0).reshape((np.size(B2, 0), 1)))
        sum_B1 = np.add(sum_B1, np.sum(err1, axis=0).reshape((np.size(B1, 0), 1)))
        sum_W2 = np.add(sum_W2, np.dot(A1.T, err2))
        sum_W1 = np.add(sum_W1, np.dot(inputs.T, err1))
        B1 = np.subtract(B1, (rate / batch) * sum_B1)
        B2 = np.subtract(B2, (rate / batch) * sum_B2)
        W1 = np.subtract(W1, (rate / batch) * sum_W1)
        W2 = np.subtract(W2, (rate / batch) * sum_W2)
    print(i, cost(A2, outputs))
