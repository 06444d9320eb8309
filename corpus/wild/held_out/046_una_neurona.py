import numpy as np


def logistica(x):
    return 1 / (1 + np.exp(-x))


def perdida_media(y, y_hat):
    eps = 1e-9
    y_hat = np.clip(y_hat, eps, 1 - eps)
    return np.mean(-(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))


def forward(X, W, b):
    Z = X @ W + b
    return Z, logistica(Z)


def backward(X, y, y_hat):
    dZ = y_hat - y
    dW = X.T @ dZ
    db = dZ.sum()
    return dW, db
