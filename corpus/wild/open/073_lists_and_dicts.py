import numpy as np


def squash(x):
    return 1.0 / (1.0 + np.exp(-x))


def slope(x):
    return x * (1.0 - x)


def softmax(x):
    e = np.exp(x)
    return e / e.sum()


def forward_prop(x, w, b):
    z, a = {}, {0: np.array(x).T}
    last = len(w)
    for i in range(1, last + 1):
        z[i] = w[i - 1].dot(a[i - 1]) + b[i - 1]
        a[i] = softmax(z[i]) if i == last else squash(z[i])
    return a[last], a


def back_prop(y, p, a, w, b):
    d, d_w, d_b = {}, {}, {}
    last = len(w)
    d[last] = p - y.T
    for i in range(last - 1, -1, -1):
        if i == last - 1:
            d[i] = w[i].T.dot(d[i + 1])
        elif i != 0:
            d[i] = w[i].T.dot(d[i + 1]) * slope(a[i])
        d_w[i] = d[i + 1].dot(a[i].T)
        d_b[i] = np.sum(d[i + 1], axis=1, keepdims=True)
    return d_w, d_b


def sum_error(y, p):
    return np.sum(y.T * np.log(p))


def update(w, b, d_w, d_b, rate):
    for i in range(len(w)):
        w[i] = w[i] - rate * d_w[i]
        b[i] = b[i] - rate * d_b[i]
    return w, b
