import numpy as np


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def propagate(w, b, X, Y):
    n = X.shape[0]
    guess = squash(np.dot(w, X.T) + b)
    cost = (-1 / n) * np.sum(Y * np.log(guess) + (1 - Y) * np.log(1 - guess))
    dw = (1 / n) * np.dot(X.T, (guess - Y).T)
    db = (1 / n) * np.sum(guess - Y)
    return {"dw": dw, "db": db}, cost


def optimize(w, b, X, Y, rounds, rate):
    for _ in range(rounds):
        grads, _ = propagate(w, b, X, Y)
        w = w - rate * grads["dw"]
        b = b - rate * grads["db"]
    return {"w": w, "b": b}
