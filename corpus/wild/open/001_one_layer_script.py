import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(a):
    return a * (1 - a)


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
syn = 2 * np.random.RandomState(1).random_sample((2, 1)) - 1
rounds = 100

for _ in range(rounds):
    before = X
    after = squash(np.dot(before, syn))
    missed = y - after
    delta = missed * slope(after)
    syn += np.dot(before.T, delta)
