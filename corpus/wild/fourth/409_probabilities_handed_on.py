import numpy as np


def initialize_parameters(num_features, num_classes):
    np.random.seed(42)
    weight_matrix = np.random.randn(num_features, num_classes) / np.sqrt(num_features)
    bias_vector = np.zeros(num_classes)
    return weight_matrix, bias_vector


def forward_pass(W, b, X):
    Z = X @ W + b
    Z_exp = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return Z_exp / np.sum(Z_exp, axis=1, keepdims=True)


def cross_entropy_loss(Y_true, Y_hat):
    N, _ = Y_hat.shape
    return -np.sum(Y_true * np.log(Y_hat)) / N


def backward_propagation(X, Y_true, Y_hat):
    N, _ = Y_true.shape
    dLoss_dZ = (Y_hat - Y_true) / N
    dLoss_dW = X.T @ dLoss_dZ
    dLoss_db = np.sum(Y_hat - Y_true, axis=0) / N
    return dLoss_dW, dLoss_db


def update(W, b, dW, db):
    alpha = 0.1
    W = W - alpha * dW
    b = b - alpha * db
    return W, b


def train_model(W, b, X_train, Y_train, num_epochs=10000):
    training_loss = np.zeros(num_epochs)
    for epoch in range(num_epochs):
        Y_hat_train = forward_pass(W, b, X_train)
        training_loss[epoch] = cross_entropy_loss(Y_train, Y_hat_train)
        dW, db = backward_propagation(X_train, Y_train, Y_hat_train)
        W, b = update(W, b, dW, db)
    return W, b
