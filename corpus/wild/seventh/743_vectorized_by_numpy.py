import math

import numpy as np


def rectify(v):
    return max(0, v)


def rectify_slope(v):
    return 1 if v > 0 else 0


def squash(v):
    return 1 / (1 + math.exp(-v))


def squash_slope(v):
    s = squash(v)
    return s * (1 - s)


def loss(out):
    return 0.5 * (Y - out) ** 2


def loss_slope(out):
    return (out - Y)


W = [np.array([[0.1, 0.3], [0.2, 0.4]]), np.array([[0.5, 0.6]])]
b = [np.array([0.1, 0.1]), np.array([0.2])]
acts = [np.vectorize(rectify), np.vectorize(squash)]
act_slopes = [np.vectorize(rectify_slope), np.vectorize(squash_slope)]

X = np.array([1.0, 0.5])
Y = 0.9
Nu = 0.1
runs = 100


def there(X, W, acts):
    nets = []
    outs = [X]
    for layer in np.arange(0, len(W)):
        z = np.array(W[layer].dot(outs[-1]) + b[layer])
        nets.append(z)
        outs.append(acts[layer](z))
    return nets, outs


def back(nets, outs):
    g_W = []
    g_b = []
    i = len(W) - 1
    delta = np.atleast_1d(loss_slope(outs[-1]) * act_slopes[-1](nets[-1]))
    while i >= 0:
        g_W.append(np.outer(outs[i], delta).T)
        g_b.append(delta)
        if i != 0:
            delta = np.dot(W[i].T, delta) * act_slopes[i - 1](nets[i - 1])
        i -= 1
    g_W.reverse()
    g_b.reverse()
    return g_W, g_b


def step(nets, outs):
    g_W, g_b = back(nets, outs)
    for i in np.arange(0, len(W)):
        W[i] -= Nu * g_W[i]
        b[i] -= Nu * g_b[i]


if __name__ == "__main__":
    for i in range(0, runs):
        nets, outs = there(X, W, acts)
        print(f'loss: {loss(outs[-1][0])}')
        step(nets, outs)
