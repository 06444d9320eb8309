import numpy as np


def ReLU(z):
    return np.maximum(0, z)


def softmax(z):
    exp_z = np.exp(z - np.max(z, axis=1, keepdims=True))
    return exp_z / np.sum(exp_z, axis=1, keepdims=True)


def initialize_parameters(layer_sizes):
    rng = np.random.RandomState(42)
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6.0 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, size=(layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros((1, layer_sizes[i]))
    return params


def forward_propagation(X, params, dropout_rate, training):
    cache = {"A0": X}
    num_layers = len(params) // 2
    for i in range(1, num_layers):
        Z = cache[f"A{i - 1}"] @ params[f"W{i}"] + params[f"b{i}"]
        A = ReLU(Z)
        if training and dropout_rate > 0:
            mask = np.random.binomial(1, 1 - dropout_rate, size=A.shape)
            A *= mask
            cache[f"mask{i}"] = mask
        cache[f"Z{i}"] = Z
        cache[f"A{i}"] = A

    Z = cache[f"A{num_layers - 1}"] @ params[f"W{num_layers}"] + params[f"b{num_layers}"]
    A = softmax(Z)
    cache[f"Z{num_layers}"] = Z
    cache[f"A{num_layers}"] = A
    return A, cache


def compute_loss(y_pred, y_true):
    return -np.sum(y_true * np.log(y_pred + 1e-8)) / y_true.shape[0]


def backward_propagation(y_pred, y_true, params, cache, dropout_rate):
    gradients = {}
    n = y_true.shape[0]
    num_layers = len(params) // 2
    dZ = y_pred - y_true
    for i in range(num_layers, 0, -1):
        gradients[f"dW{i}"] = (cache[f"A{i - 1}"].T @ dZ) / n
        gradients[f"db{i}"] = np.sum(dZ, axis=0, keepdims=True) / n
        if i > 1:
            dA_prev = dZ @ params[f"W{i}"].T
            dZ = dA_prev * (cache[f"Z{i - 1}"] > 0)
            if dropout_rate > 0:
                mask_key = f"mask{i - 1}"
                if mask_key in cache:
                    dZ *= cache[mask_key]
    return gradients


def update_parameters(params, gradients, lr):
    for i in range(1, len(params) // 2 + 1):
        params[f"W{i}"] -= lr * gradients[f"dW{i}"]
        params[f"b{i}"] -= lr * gradients[f"db{i}"]
    return params


def train(X_train, y_train, layer_sizes, lr, epochs, batch_size, dropout_rate):
    params = initialize_parameters(layer_sizes)
    losses = []
    for epoch in range(epochs):
        order = np.random.permutation(X_train.shape[0])
        X_shuffled, y_shuffled = X_train[order], y_train[order]
        for start in range(0, X_train.shape[0], batch_size):
            X_batch = X_shuffled[start:start + batch_size]
            y_batch = y_shuffled[start:start + batch_size]
            y_pred, cache = forward_propagation(X_batch, params, dropout_rate, True)
            gradients = backward_propagation(y_pred, y_batch, params, cache, dropout_rate)
            params = update_parameters(params, gradients, lr)
        losses.append(compute_loss(forward_propagation(X_train, params, 0.0, False)[0], y_train))
    return params, losses
