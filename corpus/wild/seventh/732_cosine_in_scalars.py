import math

import numpy as np

np.random.seed(1)
v = np.random.random(size=(2, 2))  # the first row: biases
w = np.random.random(size=(1, 3))  # the last one: the bias
l = 0.4
rounds = 3000

angles = [math.pi * (i / 180) for i in range(0, 181, 6)]
xs = [a / max(angles) for a in angles]
ts = [(round(math.cos(a), 5) + 1) / 2 for a in angles]


def energy(t, y):
    return 0.5 * math.pow(t - y, 2)


def act(s):
    return 1 / (1 + math.exp(-s))


flag = True
turn = 0
while (flag and turn < rounds):
    turn += 1
    error = 0
    w02, w03, w04, w12, w13, w24, w34 = [0.0 for i in range(7)]

    for j in range(len(xs)):
        t = ts[j]
        x1 = xs[j]
        y2 = act(v[1][0] * x1 + v[0][0])
        y3 = act(v[1][1] * x1 + v[0][1])
        y4 = act(w[0][0] * y2 + w[0][1] * y3 + w[0][2])
        error += energy(t, y4)

        d4 = (t - y4) * y4 * (1 - y4)
        d2 = y2 * (1 - y2) * d4 * w[0][0]
        d3 = y3 * (1 - y3) * d4 * w[0][1]

        w02 += l * d2
        w03 += l * d3
        w04 += l * d4
        w12 += l * d2 * x1
        w13 += l * d3 * x1
        w24 += l * d4 * y2
        w34 += l * d4 * y3

    v[0][0] += w02
    v[0][1] += w03
    v[1][0] += w12
    v[1][1] += w13
    w[0][0] += w24
    w[0][1] += w34
    w[0][1] += w04

    if error < 0.02:
        flag = False

print(turn, error)
print(v)
print(w)
