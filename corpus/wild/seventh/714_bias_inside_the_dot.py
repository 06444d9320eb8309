import copy

import numpy as np

X_small = np.array([[0.5, 1.5], [1, 1], [1.5, 0.5], [3, 0.5], [2, 2], [1, 2.5]])
y_small = np.array([0, 0, 0, 1, 1, 1])


def logistic(z):
    g = 1 / (1 + np.exp(-z))
    return g


def cost_of(X, y, w, b):
    m = X.shape[0]
    cost = 0.0
    for i in range(m):
        z_i = np.dot(X[i], w) + b
        f_i = logistic(z_i)
        cost += -y[i] * np.log(f_i) - (1 - y[i]) * np.log(1 - f_i)
    cost = cost / m
    return cost


def gradient_of(X, y, w, b):
    m, n = X.shape
    dj_dw = np.zeros((n,))
    dj_db = 0.
    for i in range(m):
        f_i = logistic(np.dot(X[i], w + b))
        err_i = f_i - y[i]
        for j in range(n):
            dj_dw[j] = dj_dw[j] + err_i * X[i, j]
        dj_db = dj_db + err_i
    dj_dw = dj_dw / m
    dj_db = dj_db / m
    return dj_dw, dj_db


def descend(X, y, w_in, b_in, alpha, n_iters):
    history = []
    w = copy.deepcopy(w_in)
    b = b_in
    for i in range(n_iters):
        dj_dw, dj_db = gradient_of(X, y, w, b)
        w = w - alpha * dj_dw
        b = b - alpha * dj_db
        history.append(cost_of(X, y, w, b))
    return w, b, history


if __name__ == '__main__':
    print(descend(X_small, y_small, np.zeros(2), 0., 0.1, 200)[:2])
