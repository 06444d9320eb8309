import numpy as np


def logistica(x):
    return 1 / (1 + np.exp(-x))


def perdida_media(y, y_hat):
    eps = 1e-9
    y_hat = np.clip(y_hat, eps, 1 - eps)
    return np.mean(-(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))


def forward(X, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    return Z1, A1, Z2, logistica(Z2)


def backward(X, y, Z1, A1, y_hat, W2):
    dZ2 = y_hat - y
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0, keepdims=True)
    dZ1 = (dZ2 @ W2.T) * (1 - np.tanh(Z1) ** 2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2
