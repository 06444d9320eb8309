import math

import numpy as np


def squash(x):
    return 1 / (1 + math.exp(-1 * x))


def squash_slope(x):
    return squash(x) * (1 - squash(x))


alpha = 0.1
low = -2.0
high = 2.0

data_size = 51
dataX = -2 + np.arange(data_size) * 4 / data_size
dataY = dataX**3 - dataX**2

np.random.seed(0)
w = low + np.random.random((7, 2)) * (high - low)
v = low + np.random.random((4, 7)) * (high - low)
u = low + np.random.random(4) * (high - low)
a = np.zeros(7)
a_sum = np.zeros(7)
s = np.zeros(4)
s_sum = np.zeros(4)
err_u = np.zeros(4)
err_s = np.zeros(4)
err_v = np.zeros((4, 7))
err_a = np.zeros((4, 7))
err_w = np.zeros((7, 2))

missed_in_all = 20
iteration = 0
rounds = 1000
while missed_in_all / data_size > 0.10 and iteration < rounds:
    iteration = iteration + 1
    missed_in_all = 0
    for index in range(0, data_size):
        x = dataX[index]
        y = dataY[index]

        for k in range(1, 7):
            a_sum[k] = w[k][0] + w[k][1] * x
            a[k] = squash(a_sum[k])
        for l in range(1, 4):
            s_sum[l] = v[l][0] + v[l][1] * a[1] + v[l][2] * a[2] + v[l][3] * a[3] + v[l][4] * a[4] + v[l][5] * a[5] + v[l][6] * a[6]
            s[l] = squash(s_sum[l])
        out = u[0] + u[1] * s[1] + u[2] * s[2] + u[3] * s[3]

        missed = y - out
        missed_in_all = missed_in_all + abs(missed)
        for i in range(0, 4):
            err_u[i] = -1 * missed * s[i]
        for i in range(1, 4):
            err_s[i] = -1 * missed * u[i]
        for l in range(1, 4):
            for i in range(0, 7):
                err_v[l][i] = err_s[l] * squash_slope(s_sum[l]) * a[i]
        for l in range(1, 4):
            for i in range(1, 7):
                err_a[l][i] = err_s[l] * squash_slope(s_sum[l]) * v[l][i]
        for k in range(1, 7):
            err_w[k][0] = err_a[2][k] * squash_slope(a_sum[k])
            err_w[k][1] = err_a[2][k] * squash_slope(a_sum[k]) * x

        for i in range(0, 4):
            u[i] = u[i] - alpha * err_u[i]
        for l in range(1, 4):
            for i in range(0, 7):
                v[l][i] = v[l][i] - alpha * err_v[l][i]
        for k in range(1, 7):
            w[k][0] = w[k][0] - alpha * err_w[k][0]
            w[k][1] = w[k][1] - alpha * err_w[k][1]
    print("Average error per data points:", missed_in_all / data_size)
