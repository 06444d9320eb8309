import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


wanted = 0.5
x = np.array([0.35, 0.9])

to_first = np.array([0.1, 0.4])
to_second = np.array([0.8, 0.6])
to_out = np.array([0.3, 0.9])

first = squash(np.dot(x, to_first))
second = squash(np.dot(x, to_second))
out = squash(np.dot(np.array([first, second]), to_out))
print(first, second, out)

error = wanted - out
print(error)

# the gradient of each
d_out = out * (1 - out) * error
d_second = out * (1 - out) * d_out * to_out[1]
d_first = out * (1 - out) * d_out * to_out[0]
print(d_out, d_second, d_first)

to_first[0] = to_first[0] + d_first * x[0]
to_first[1] = to_first[1] + d_first * x[1]
to_second[0] = to_second[0] + d_second * x[0]
to_second[1] = to_second[1] + d_second * x[1]
to_out[0] = to_out[0] + d_first * first
to_out[1] = to_out[1] + d_first * second

# once more
first = squash(np.dot(x, to_first))
second = squash(np.dot(x, to_second))
out = squash(np.dot(np.array([first, second]), to_out))
error = wanted - out
print(error)
