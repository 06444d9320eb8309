import numpy as np


def rectify(x, slope=False):
    if slope == False:
        return np.maximum(x, 0, x)
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


sample = np.random.randn(1, 3)
wanted = np.random.randn(1, 1)
np.random.seed(1)
w_in = np.random.randn(3, 6)
w_out = np.random.randn(6, 1)
b_in = np.random.randn(1, 6)
b_out = np.random.randn(1, 1)
n_steps = 1000
for j in range(n_steps):
    first = sample
    second = rectify(np.dot(first, w_in)) + b_in
    third = np.dot(second, w_out) + b_out
    third_error = ((wanted - third) ** 2).mean()
    print("Loss:" + str(third_error))

    third_delta = 2 * third_error

    second_error = third_delta * (w_out.T)
    second_delta = second_error * rectify(second, slope=True)
    w_out += second.T.dot(third_delta) * 0.001
    w_in += first.T.dot(second_delta) * 0.001
