import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def loss(w, b, x, y):
    m = x.shape[0]
    cost = 0
    for i in range(m):
        cost -= np.sum(y[i] * np.log(softmax(np.dot(x[i], w) + b)))
    return cost / m


def gradient_descent(w, b, x, y, alpha, max_steps=10000):
    m, n = x.shape
    for step in range(max_steps):
        dw = np.zeros_like(w)
        db = np.zeros_like(b)
        for i in range(m):
            y_pred = softmax(np.dot(x[i], w) + b)
            dw += np.outer(x[i], (y_pred - y[i]))
            db += y_pred - y[i]
        dw /= m
        db /= m
        w -= alpha * dw
        b -= alpha * db
        if step % 1000 == 0:
            print("Step", step, "cost", loss(w, b, x, y))
    return w, b
