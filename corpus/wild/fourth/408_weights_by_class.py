import numpy as np
from numpy.linalg import norm


def initialize_weights(K, n, random_state=None):
    if random_state is not None:
        np.random.seed(random_state)
    weights = np.zeros((K, n))
    for k in range(K):
        weights[k] = (np.random.rand(n) - 0.5) * 2
    return weights


def predict(x, weights):
    b = np.amax(x @ weights.T, axis=1)
    a = x @ weights.T
    numerator = np.exp((a.T - b).T)
    denominator = 1 / np.sum(np.exp((a.T - b).T), axis=1)
    return (numerator.T * denominator).T


def cross_entropy(weights, x, t, alpha):
    N = x.shape[0]
    h = predict(x, weights)
    loss = np.sum(np.multiply(t, np.log(h + 1e-14)))
    reg = 0
    for k in range(t.shape[1]):
        reg += weights[k] @ weights[k]
    return (-1 / N) * loss + 0.5 * alpha * reg


def cross_entropy_gradient(weights, x, t, alpha):
    N = x.shape[0]
    h = predict(x, weights)
    w_grad = (h - t).T @ x
    r_grad = alpha * weights
    return (1 / N) * w_grad + r_grad


def gradient_descent(weights, x, t, iter_max, alpha, step=1e-3):
    e_old = 1e20
    iteration = 0
    while True:
        grad = cross_entropy_gradient(weights, x, t, alpha)
        if norm(grad) <= 1e-6 or iteration >= iter_max:
            break
        weights += step * -grad
        e = cross_entropy(weights, x, t, alpha)
        if abs(e - e_old) <= 1e-10:
            break
        e_old = np.copy(e)
        iteration += 1
