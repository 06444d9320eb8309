import numpy as np


def sig(x, deriv=False):
    if deriv == True:
        return 1 - sig(x)
    return 1 / (1 + np.exp(-x))


inputs = np.array([[0.2]])
target = np.array([[1]])
rounds = 100
np.random.seed(0)

w = np.random.normal(size=(1, 1), scale=0.1)

for i in range(rounds):
    layer_in = inputs
    layer_out = sig(layer_in.dot(w))  # forward

    off = target - layer_out

    # back
    delta_off = off * sig(layer_out, True)
    w += layer_in.T.dot(delta_off)
    print(layer_out)
