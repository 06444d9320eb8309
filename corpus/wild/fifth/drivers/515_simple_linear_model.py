import numpy as np


def gradient(m, W1, b1, X, T):
    model = m.LinearOutput()
    model.weight, model.bias = W1.copy(), b1.copy()
    model.backward(0.1, X, T)
    return model.weight_grad, np.array([model.bias_grad])


def loss(m, W1, b1, X, T):
    return 0.5 * np.mean((X @ W1 + b1 - T) ** 2)
