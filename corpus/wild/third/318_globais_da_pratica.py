import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivada(x):
    return sigmoid(x) * (1 - sigmoid(x))


def relu(x):
    return np.maximum(0, x)


def relu_derivada(x):
    return (x > 0).astype(float)


def mse(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def mse_derivada(y_true, y_pred):
    return 2 * (y_pred - y_true) / y_true.size


sorteio = np.random.RandomState(0)
W1 = sorteio.standard_normal((2, 5))
b1 = np.zeros((1, 5))
W2 = sorteio.standard_normal((5, 1))
b2 = np.zeros((1, 1))


def forward(X):
    global Z1, A1, Z2, A2
    Z1 = np.dot(X, W1) + b1
    A1 = relu(Z1)
    Z2 = np.dot(A1, W2) + b2
    A2 = sigmoid(Z2)
    return A2


def backward(X, y, learning_rate=0.01):
    global W1, b1, W2, b2
    m = y.shape[0]
    erro2 = mse_derivada(y, A2) * sigmoid_derivada(Z2)
    gW2 = A1.T @ erro2 / m
    gb2 = erro2.sum(axis=0, keepdims=True) / m
    erro1 = np.dot(erro2, W2.T) * relu_derivada(Z1)
    gW1 = X.T @ erro1 / m
    gb1 = erro1.sum(axis=0, keepdims=True) / m

    W1 -= learning_rate * gW1
    b1 -= learning_rate * gb1
    W2 -= learning_rate * gW2
    b2 -= learning_rate * gb2
