import numpy as np


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def squash_prime(z):
    return squash(z) * (1 - squash(z))


# teach a neuron to say 0 when it is given 1
w = 2
b = 2
x = 1
y = 0
rate = 0.15
epoch = 0
epochs = 400

while epoch < epochs:
    z = w * x + b
    a = squash(z)
    miss = a - y
    error = miss * squash_prime(z)
    grad_b = error
    grad_w = error * a
    b = b - grad_b * rate
    w = w - grad_w * rate
    print("epoch %s: b = %s, w = %s, miss = %s" % (epoch, b, w, miss))
    epoch += 1
