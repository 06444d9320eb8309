import numpy as np


def feed_forward(X, weights):
    a = [X]
    for w in weights:
        a.append(squash(a[-1].dot(w)))
    return a


def grads(X, Y, weights):
    found = np.empty(len(weights), dtype=object)
    a = feed_forward(X, weights)
    delta = a[-1] - Y
    found[-1] = np.dot(a[-2].T, delta)
    for i in range(len(a) - 2, 0, -1):
        delta = np.dot(delta, weights[i].T) * slope(a[i])
        found[i - 1] = np.dot(a[i - 1].T, delta)
    return found / len(X)


squash = lambda x: 1 / (1 + np.exp(-x))
slope = lambda y: y * (1 - y)
