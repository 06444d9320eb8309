import numpy as np


def classify(xs, weights):
    z = np.matmul(xs, weights.transpose())
    return np.argmax(z, axis=1)


def chance(label, xs, weights):
    e = np.exp(np.matmul(xs, weights.transpose()))
    return e[0][label] / np.sum(e[0])


def slope_of(label, xs, ys, weights):
    total = np.zeros(len(xs[0]))
    for i in range(len(xs)):
        total += -1 * xs[i] * ((ys[i] == label) - chance(label, [xs[i]], weights))
    total /= len(xs)
    return total


def train(xs, ys, n_labels, lr=0.5, rounds=1000, batch=100):
    weights = np.zeros([n_labels, len(xs[0])])
    slopes = np.zeros([n_labels, len(xs[0])])
    for _ in range(rounds):
        chosen = np.random.choice(len(xs), batch)
        for label in range(n_labels):
            slopes[label] = slope_of(label, xs[chosen], ys[chosen], weights)
        weights = weights - lr * slopes
    return weights
