import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
rng = np.random.RandomState(1)
W1 = rng.standard_normal((2, 4))
b1 = np.zeros((1, 4))
W2 = rng.standard_normal((4, 1))
b2 = np.zeros((1, 1))


def squash(z):
    return 1 / (1 + np.exp(-z))


def slope(a):
    return a * (1 - a)


rate = 0.1
rounds = 100
for _ in range(rounds):
    A1 = squash(X @ W1 + b1)
    A2 = squash(A1 @ W2 + b2)
    d2 = (A2 - y) * slope(A2)
    d1 = d2 @ W2.T * slope(A1)
    W2 -= rate * A1.T @ d2
    b2 -= rate * np.sum(d2, axis=0, keepdims=True)
    W1 -= rate * X.T @ d1
    b1 -= rate * np.sum(d1, axis=0, keepdims=True)
