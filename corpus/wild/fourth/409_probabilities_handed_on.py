import numpy as np


def start_values(num_features, num_classes):
    np.random.seed(42)
    weight_matrix = np.random.randn(num_features, num_classes) / np.sqrt(num_features)
    bias_vector = np.zeros(num_classes)
    return weight_matrix, bias_vector


def forward(W, b, X):
    Z = X @ W + b
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(Y_true, Y_hat):
    N, _ = Y_hat.shape
    return -np.sum(Y_true * np.log(Y_hat)) / N


def backward(X, Y_true, Y_hat):
    N, _ = Y_true.shape
    dL_dZ = (Y_hat - Y_true) / N
    dL_dW = X.T @ dL_dZ
    dL_db = np.sum(Y_hat - Y_true, axis=0) / N
    return dL_dW, dL_db


def update(W, b, dW, db):
    alpha = 0.1
    W = W - alpha * dW
    b = b - alpha * db
    return W, b


def train(W, b, X_train, Y_train, num_epochs=10000):
    losses = np.zeros(num_epochs)
    for epoch in range(num_epochs):
        Y_hat_train = forward(W, b, X_train)
        losses[epoch] = cross_entropy(Y_train, Y_hat_train)
        dW, db = backward(X_train, Y_train, Y_hat_train)
        W, b = update(W, b, dW, db)
    return W, b
