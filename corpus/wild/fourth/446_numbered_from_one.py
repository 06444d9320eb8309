import math

import numpy as np


def gakt(x):
    return 1 / (1 + math.exp(-1 * x))


def gaktdx(x):
    return gakt(x) * (1 - gakt(x))


alpha = 0.1
weight_range_bottom = -2.0
weight_range_top = 2.0

data_size = 51
dataX = -2 + np.arange(data_size) * 4 / data_size
dataY = dataX**3 - dataX**2

np.random.seed(0)
w = weight_range_bottom + np.random.random((7, 2)) * (weight_range_top - weight_range_bottom)
v = weight_range_bottom + np.random.random((4, 7)) * (weight_range_top - weight_range_bottom)
u = weight_range_bottom + np.random.random(4) * (weight_range_top - weight_range_bottom)
a = np.zeros(7)
a_value = np.zeros(7)
s = np.zeros(4)
s_value = np.zeros(4)
dErr_du = np.zeros(4)
dErr_ds = np.zeros(4)
dErr_dv = np.zeros((4, 7))
dErr_da = np.zeros((4, 7))
dErr_dw = np.zeros((7, 2))

totalError = 20
iteration = 0
rounds = 1000
while totalError / data_size > 0.10 and iteration < rounds:
    iteration = iteration + 1
    totalError = 0
    for index in range(0, data_size):
        x = dataX[index]
        y = dataY[index]

        for k in range(1, 7):
            a_value[k] = w[k][0] + w[k][1] * x
            a[k] = gakt(a_value[k])
        for l in range(1, 4):
            s_value[l] = v[l][0] + v[l][1] * a[1] + v[l][2] * a[2] + v[l][3] * a[3] + v[l][4] * a[4] + v[l][5] * a[5] + v[l][6] * a[6]
            s[l] = gakt(s_value[l])
        fx = u[0] + u[1] * s[1] + u[2] * s[2] + u[3] * s[3]

        outputError = y - fx
        totalError = totalError + abs(outputError)
        for i in range(0, 4):
            dErr_du[i] = -1 * outputError * s[i]
        for i in range(1, 4):
            dErr_ds[i] = -1 * outputError * u[i]
        for l in range(1, 4):
            for i in range(0, 7):
                dErr_dv[l][i] = dErr_ds[l] * gaktdx(s_value[l]) * a[i]
        for l in range(1, 4):
            for i in range(1, 7):
                dErr_da[l][i] = dErr_ds[l] * gaktdx(s_value[l]) * v[l][i]
        for k in range(1, 7):
            dErr_dw[k][0] = dErr_da[2][k] * gaktdx(a_value[k])
            dErr_dw[k][1] = dErr_da[2][k] * gaktdx(a_value[k]) * x

        for i in range(0, 4):
            u[i] = u[i] - alpha * dErr_du[i]
        for l in range(1, 4):
            for i in range(0, 7):
                v[l][i] = v[l][i] - alpha * dErr_dv[l][i]
        for k in range(1, 7):
            w[k][0] = w[k][0] - alpha * dErr_dw[k][0]
            w[k][1] = w[k][1] - alpha * dErr_dw[k][1]
    print("Average error per data points:", totalError / data_size)
