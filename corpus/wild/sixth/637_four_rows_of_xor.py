import sys

import numpy as np

X = np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
y = np.array([[1], [1], [0], [0]])

n_in = 2
n_hid = 2
n_out = 1

rate = 0.1
decay = 0
n_rounds = 200
m = 4  # examples

np.random.seed(1)
V = np.random.normal(0, 1, (n_hid, n_in))
U = np.random.normal(0, 1, (n_out, n_hid))
c1 = np.random.random((n_hid, 1))
c2 = np.random.random((n_out, 1))


def sigmoid(z, slope=False):
    if slope: return z * (1 - z)
    return 1 / (1 + np.exp(-z))


def guess(x):
    a0 = x.reshape(x.shape[0], 1)
    return sigmoid(U.dot(sigmoid(V.dot(a0) + c1)) + c2)


cost = np.zeros((n_rounds, 1))
for i in range(n_rounds):
    c = 0
    dV = 0
    dU = 0
    dc1 = 0
    dc2 = 0
    for j in range(m):
        sys.stdout.write("\rround {} row {}".format(i + 1, j + 1))
        # there
        a0 = X[j].reshape(X[j].shape[0], 1)
        z1 = V.dot(a0) + c1
        a1 = sigmoid(z1)
        z2 = U.dot(a1) + c2
        a2 = sigmoid(z2)
        # back
        dz2 = a2 - y[j]
        dU += dz2 * a1.T
        dz1 = np.multiply((U.T * dz2), sigmoid(a1, slope=True))
        dV += dz1.dot(a0.T)
        dc1 += dz1
        dc2 += dz2
        c = c + (-(y[j] * np.log(a2)) - ((1 - y[j]) * np.log(1 - a2)))
        sys.stdout.flush()
    cost[i] = (c / m) + ((decay / (2 * m)) * (np.sum(np.power(V, 2)) + np.sum(np.power(U, 2))))
    V = V - rate * (dV / m) + ((decay / m) * V)
    U = U - rate * (dU / m) + ((decay / m) * U)
    c1 = c1 - rate * (dc1 / m)
    c2 = c2 - rate * (dc2 / m)

for x in X:
    print(x, guess(x))
