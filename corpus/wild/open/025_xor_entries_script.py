import numpy as np


def s(z):
    return 1 / (1 + np.exp(-z))


def moved(w, d):
    return w - rate * d


points = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
goal = np.array([0, 1, 1, 0])
v = np.array([[0.9, 0.1], [0.3, 0.5]])
w = np.array([0.8, 0.7])
rate = 0.1

for i in range(points.shape[0]):
    p = s(v[0, 0] * points[i][0] + v[1, 0] * points[i][1])
    q = s(v[0, 1] * points[i][0] + v[1, 1] * points[i][1])
    o = s(w[0] * p + w[1] * q)
    e = -(goal[i] - o)
    d00 = e * o * (1 - o) * w[0] * p * (1 - p) * points[i][0]
    d01 = e * o * (1 - o) * w[1] * q * (1 - q) * points[i][0]
    d10 = e * o * (1 - o) * w[0] * p * (1 - p) * points[i][1]
    d11 = e * o * (1 - o) * w[1] * q * (1 - q) * points[i][1]
    f0 = e * p
    f1 = e * q
    v[0, 0] = moved(v[0, 0], d00)
    v[0, 1] = moved(v[0, 1], d01)
    v[1, 0] = moved(v[1, 0], d10)
    v[1, 1] = moved(v[1, 1], d11)
    w[0] = moved(w[0], f0)
    w[1] = moved(w[1], f1)
