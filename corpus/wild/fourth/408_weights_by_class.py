import numpy as np
from numpy.linalg import norm


def random_weights(K, n, random_state=None):
    if random_state is not None:
        np.random.seed(random_state)
    weights = np.zeros((K, n))
    for k in range(K):
        weights[k] = (np.random.rand(n) - 0.5) * 2
    return weights


def probabilities(x, weights):
    b = np.amax(x @ weights.T, axis=1)
    a = x @ weights.T
    top = np.exp((a.T - b).T)
    bottom = 1 / np.sum(np.exp((a.T - b).T), axis=1)
    return (top.T * bottom).T


def cross_entropy(weights, x, t, alpha):
    N = x.shape[0]
    h = probabilities(x, weights)
    loss = np.sum(np.multiply(t, np.log(h + 1e-14)))
    reg = 0
    for k in range(t.shape[1]):
        reg += weights[k] @ weights[k]
    return (-1 / N) * loss + 0.5 * alpha * reg


def cross_entropy_grad(weights, x, t, alpha):
    N = x.shape[0]
    h = probabilities(x, weights)
    data_part = (h - t).T @ x
    penalty_part = alpha * weights
    return (1 / N) * data_part + penalty_part


def gradient_descent(weights, x, t, max_rounds, alpha, step=1e-3):
    before = 1e20
    iteration = 0
    while True:
        grad = cross_entropy_grad(weights, x, t, alpha)
        if norm(grad) <= 1e-6 or iteration >= max_rounds:
            break
        weights += step * -grad
        e = cross_entropy(weights, x, t, alpha)
        if abs(e - before) <= 1e-10:
            break
        before = np.copy(e)
        iteration += 1
