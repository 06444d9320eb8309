import math

import numpy as np


def logistic(v):
    return 1 / (1 + np.exp(-v))


def run_net(X, wa, wb):
    ones = np.ones((X.shape[0], 1))
    first = np.hstack((X, ones))
    middle = np.hstack((logistic(np.dot(first, wa)), ones))
    last = logistic(np.dot(middle, wb))
    return middle, last


def cost(guess, truth):
    costs = []
    for p, t in zip(guess, truth):
        p = p.item()
        costs.append(-(t * math.log(p)) + (1 - t) * math.log(1 - p))
    return np.array(costs)


def update(wa, wb, middle, last, X, y, rate_out, rate_mid):
    truth = y.reshape(len(X),)
    miss = cost(last, truth)

    slope = (logistic(last) * (1 - logistic(last))).flatten()
    grad = slope * miss

    step = np.dot(grad.transpose(), middle) * rate_out
    return wb + step.reshape(3, 1)


def learn(X, y, wa, wb, rounds=10000):
    history = []
    for i in range(rounds):
        middle, last = run_net(X, wa, wb)
        history.append(np.abs(cost(last, y.reshape(-1))).sum())
        wb = update(wa, wb, middle, last, X, y, 0.1, 0.01)
    return wa, wb, history
