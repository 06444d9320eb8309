import math
import random


def squash(z):
    return 1 / (1 + math.exp(-z))


def slope(a):
    return a * (1 - a)


class Unit:
    def fire(self, p, q, wp, wq, bias):
        return squash(wp * p + wq * q + bias)


first, second, last = Unit(), Unit(), Unit()
xs, ys, zs = [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]
random.seed(0)
w = [random.random() for _ in range(6)]
c = [random.random() for _ in range(3)]
n = 5

for p, q, z in zip(xs, ys, zs):
    a = first.fire(p, q, w[0], w[1], c[0])
    b = second.fire(p, q, w[2], w[3], c[1])
    out = last.fire(a, b, w[4], w[5], c[2])
    err = (z - out) * slope(out) * n
    err_a = slope(a) * err * w[4] * n
    err_b = slope(b) * err * w[5] * n
    w[0] = w[0] + err_a * p
    w[1] = w[1] + err_a * q
    w[2] = w[2] + err_b * p
    w[3] = w[3] + err_b * q
    w[4] = w[4] + err * a
    w[5] = w[5] + err * b
    c[0] = err_a + c[0]
    c[1] = err_b + c[1]
    c[2] = c[2] + err
