import numpy as np

X = np.array([9.2, 3.5, 2.9])
hidden_w = np.array([2.55, 3.21, 9.52])
hidden_b = 0.35
Y = hidden_w @ X + hidden_b


def rectify(v):
    return np.where(v > 0, v, 0.25 * v)


def rectify_slope(v):
    return np.where(v > 0, 1, 0.25)


np.random.seed(0)
W = np.random.normal(loc=1, scale=1, size=(3))
b = np.random.randn()
epochs = 100
rate = 0.001
i = 0
while i < epochs:
    # there
    Z = (W @ X) + b
    A = rectify(Z)
    L = np.power(A - Y, 2)
    # back
    dL_dA = 2 * (A - Y)
    dA_dZ = rectify_slope(Z)
    dZ_dW = X
    dL_dW = dL_dA * dA_dZ * dZ_dW
    dL_db = dL_dA * dA_dZ
    W -= rate * dL_dW
    b -= rate * dL_db
    if i % 10 == 0:
        print(f'L: {L}\n W: {W}\n b: {b}')
    i += 1
