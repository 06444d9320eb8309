import numpy as np


def squash(a):
    return 1 / (1 + np.exp(-1 * a))


def error(guess, target):
    return np.power(guess - target, 2)


def by_guess(guess, target):
    return 2 * (guess - target)


def by_sum(a):
    return squash(a) * (1 - squash(a))


def by_weight(x):
    return x


def moved(w, grad, rate):
    return w - rate * grad


x1, x2, target, rate = 0.1, 0.4, 0.7, 0.01
w1, w2 = np.random.RandomState(0).random_sample(2)
errors = []
rounds = 100

for k in range(rounds):
    total = w1 * x1 + w2 * x2
    guess = squash(total)
    errors.append(error(guess, target))
    g1 = by_guess(guess, target)
    g2 = by_sum(total)
    grad1 = by_weight(x1) * g2 * g1
    grad2 = by_weight(x2) * g2 * g1
    w1 = moved(w1, grad1, rate)
    w2 = moved(w2, grad2, rate)
