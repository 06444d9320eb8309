import math

import numpy as np

rng = np.random.RandomState(1)
samples = rng.rand(6, 3)
labels = np.eye(2)[[0, 1, 0, 1, 1, 0]]

n_samples = len(samples)
n_in = len(samples[0])
n_out = 2
n_hid = 4
v1 = 0.2 * rng.random_sample((n_in, n_hid)) - 0.1  # 输入层权矩阵
v2 = 0.2 * rng.random_sample((n_hid, n_out)) - 0.1
hid_shift = np.zeros(n_hid)
out_shift = np.zeros(n_out)
rate_in = 0.1
rate_hid = 0.1
rounds = 50


def activate(x):
    values = []
    for i in x:
        values.append(1 / (1 + math.exp(-i)))
    return np.array(values)


def error_of(e):
    return 0.5 * np.dot(e, e)


for turn in range(rounds):
    for n in range(n_samples):
        wanted = labels[n]
        # 前向过程
        hid_sum = np.dot(samples[n], v1) + hid_shift
        hid = activate(hid_sum)
        out_sum = np.dot(hid, v2) + out_shift
        out = activate(out_sum)

        # 后向过程
        e = wanted - out
        d_out = e * out * (1 - out)
        d_hid = hid * (1 - hid) * np.dot(v2, d_out)
        for k in range(n_out):
            v2[:, k] += rate_hid * d_out[k] * hid
        for k in range(n_hid):
            v1[:, k] += rate_in * d_hid[k] * samples[n]
        out_shift += rate_hid * d_out
        hid_shift += rate_in * d_hid

right = 0
for n in range(n_samples):
    hid = activate(np.dot(samples[n], v1) + hid_shift)
    out = activate(np.dot(hid, v2) + out_shift)
    right += np.argmax(out) == np.argmax(labels[n])
print(right / n_samples)
