import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def slope(a):
    return a * (1 - a)


def model(sizes):
    rng = np.random.RandomState(0)
    weights = [rng.standard_normal((b, a)) / np.sqrt(a) for a, b in zip(sizes, sizes[1:])]
    bias = [np.zeros((1, b)) for b in sizes[1:]]
    return weights, bias


def feedforward(x, weights, bias):
    found = [x]
    for i in range(len(weights)):
        found.append(squash(np.dot(found[-1], weights[i].T) + bias[i]))
    return found


def backpropagation(y, vw_old, vb_old, activations, weights, bias, alpha=1, learning_rate=1, l2_lambda=0):
    error = y - activations[-1]
    deltas = [error * slope(activations[-1])]
    for i in range(len(activations) - 2, 0, -1):
        deltas.append(np.dot(deltas[-1], weights[i]) * slope(activations[i]))
    deltas.reverse()
    vw_new, vb_new = [], []
    for i in range(len(weights)):
        gradw = np.dot(deltas[i].T, activations[i])
        gradb = np.sum(deltas[i], axis=0)
        vw = alpha * vw_old[i] + learning_rate * gradw
        vb = alpha * vb_old[i] + learning_rate * gradb
        vw_new.append(vw)
        vb_new.append(vb)
        weights[i] += vw + l2_lambda * weights[i]
        bias[i] += vb
    return weights, bias, vw_new, vb_new


def loss(y, pred):
    return np.mean(np.square(y - pred))
