import math
import random


def squash(v):
    return 1 / (1 + math.exp(-v))


def slope(out):
    return out * (1 - out)


def fresh(rows, cols):
    return [[random.uniform(-1, 1) for _ in range(cols)] for _ in range(rows)]


def times(weights, values):
    return [sum(w * v for w, v in zip(row, values)) for row in weights]


samples = [[0, 0], [0, 1], [1, 0], [1, 1]]
wanted = [[0], [1], [1], [0]]

n_in = 2
n_hid = 3
n_out = 1

random.seed(3)
w_hid = fresh(n_hid, n_in)
w_out = fresh(n_out, n_hid)

epochs = 2000
rate = 0.5

for epoch in range(epochs):
    total = 0
    for x, t in zip(samples, wanted):
        hid = [squash(v) for v in times(w_hid, x)]
        out = [squash(v) for v in times(w_out, hid)]

        miss = [t[i] - out[i] for i in range(n_out)]
        total += sum(e ** 2 for e in miss)

        d_out = [miss[i] * slope(out[i]) for i in range(n_out)]

        d_hid = []
        for i in range(n_hid):
            back = sum(d_out[j] * w_out[j][i] for j in range(n_out))
            d_hid.append(back * slope(hid[i]))

        for i in range(n_out):
            for j in range(n_hid):
                w_out[i][j] += rate * d_out[i] * hid[j]

        for i in range(n_hid):
            for j in range(n_in):
                w_hid[i][j] += rate * d_hid[i] * x[j]

    if epoch % 500 == 0:
        print(f"Epoch {epoch}, error: {total:.4f}")

for x in samples:
    print(x, round(squash(times(w_out, [squash(v) for v in times(w_hid, x)])[0]), 3))
