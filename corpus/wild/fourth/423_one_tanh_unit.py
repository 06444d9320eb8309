import math

import numpy as np

x = np.array([[1, 1, 1], [1, 2, 3], [1, 1, 2], [1, 3, 3], [1, 2, 1], [1, 3, 1], [1, 4, 3]], dtype=np.float64)
y = np.array([-1, -1, -1, 0, 0, 1, 1], dtype=np.float64)
w = np.zeros([3])
dw = np.ones([3])
alpha = 0.05
enough = 0.00001
n = len(x)


def tanh(x):
    return (math.e**x - math.e ** (-x)) / (math.e**x + math.e ** (-x))


i = 0
while max(abs(dw)) > enough:
    y_hat = tanh(np.matmul(x, w))
    dw = (2 / n) * np.matmul((y_hat - y) * (1 - y_hat**2), x)
    w = w - (alpha * dw)
    if i % 500 == 0:
        print("w = ", w)
    i += 1
