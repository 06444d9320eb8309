import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward_propagation(X, Y, W1, b1, W2, b2):
    out_h = sigmoid(np.dot(W1, X) + b1)
    out_y = sigmoid(np.dot(W2, out_h) + b2)
    return out_h, out_y


def backward_propagation(X, Y, out_h, out_y):
    missed = out_y - Y
    slope = out_y * (1 - out_y)
    dW2 = missed * slope * out_h
    db2 = missed * slope

    back = np.dot(W2.T, missed)
    missed_h = np.multiply(back, out_h * (1 - out_h))
    dW1 = np.dot(missed_h, X.T)
    db1 = missed_h
    return dW2, db2, dW1, db1


rng = np.random.RandomState(1)
W1, b1 = rng.standard_normal((2, 2)), np.zeros((2, 1))
W2, b2 = rng.standard_normal((1, 2)), np.zeros((1, 1))
