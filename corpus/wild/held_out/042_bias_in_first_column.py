import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def forward(X, params):
    W1, W2 = params["W1"], params["W2"]
    B1, B2 = W1[:, 0].reshape(-1, 1), W2[:, 0].reshape(-1, 1)
    Z1 = np.dot(W1[:, 1:], X) + B1
    A1 = squash(Z1)
    Z2 = np.dot(W2[:, 1:], X) + B2
    A2 = squash(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def cost_function(A2, y):
    return -(np.sum(y * np.log(A2) + (1 - y) * np.log(1 - A2))) / y.shape[1]


def backward(params, fw, X, y):
    n = X.shape[1]
    W2 = params["W2"]
    A1, A2 = fw["A1"], fw["A2"]
    dZ2 = A2 - y
    dW2 = np.dot(dZ2, A1.T) / n
    db2 = np.sum(dZ2, axis=1, keepdims=True) / n
    dZ1 = np.dot(W2[:, 1:].T, dZ2) * (1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T) / n
    db1 = np.sum(dZ1, axis=1, keepdims=True) / n
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
