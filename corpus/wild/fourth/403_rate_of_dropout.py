import numpy as np


def ReLU(z):
    return np.maximum(0, z)


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def init_params(layer_sizes):
    rng = np.random.RandomState(42)
    params = {}
    for i in range(1, len(layer_sizes)):
        limit = np.sqrt(6.0 / layer_sizes[i - 1])
        params[f"W{i}"] = rng.uniform(-limit, limit, size=(layer_sizes[i - 1], layer_sizes[i]))
        params[f"b{i}"] = np.zeros((1, layer_sizes[i]))
    return params


def forward(X, params, drop, training):
    cache = {"A0": X}
    depth = len(params) // 2
    for i in range(1, depth):
        Z = cache[f"A{i - 1}"] @ params[f"W{i}"] + params[f"b{i}"]
        A = ReLU(Z)
        if training and drop > 0:
            mask = np.random.binomial(1, 1 - drop, size=A.shape)
            A *= mask
            cache[f"mask{i}"] = mask
        cache[f"Z{i}"] = Z
        cache[f"A{i}"] = A

    Z = cache[f"A{depth - 1}"] @ params[f"W{depth}"] + params[f"b{depth}"]
    A = softmax(Z)
    cache[f"Z{depth}"] = Z
    cache[f"A{depth}"] = A
    return A, cache


def ce_loss(probs, y_true):
    return -np.sum(y_true * np.log(probs + 1e-8)) / y_true.shape[0]


def backward(probs, y_true, params, cache, drop):
    grads = {}
    n = y_true.shape[0]
    depth = len(params) // 2
    dZ = probs - y_true
    for i in range(depth, 0, -1):
        grads[f"dW{i}"] = (cache[f"A{i - 1}"].T @ dZ) / n
        grads[f"db{i}"] = np.sum(dZ, axis=0, keepdims=True) / n
        if i > 1:
            dA_prev = dZ @ params[f"W{i}"].T
            dZ = dA_prev * (cache[f"Z{i - 1}"] > 0)
            if drop > 0:
                mask_key = f"mask{i - 1}"
                if mask_key in cache:
                    dZ *= cache[mask_key]
    return grads


def step_params(params, grads, lr):
    for i in range(1, len(params) // 2 + 1):
        params[f"W{i}"] -= lr * grads[f"dW{i}"]
        params[f"b{i}"] -= lr * grads[f"db{i}"]
    return params


def train(X_train, y_train, layer_sizes, lr, epochs, batch_size, drop):
    params = init_params(layer_sizes)
    losses = []
    for epoch in range(epochs):
        order = np.random.permutation(X_train.shape[0])
        X_shuffled, y_shuffled = X_train[order], y_train[order]
        for start in range(0, X_train.shape[0], batch_size):
            X_batch = X_shuffled[start:start + batch_size]
            y_batch = y_shuffled[start:start + batch_size]
            probs, cache = forward(X_batch, params, drop, True)
            grads = backward(probs, y_batch, params, cache, drop)
            params = step_params(params, grads, lr)
        losses.append(ce_loss(forward(X_train, params, 0.0, False)[0], y_train))
    return params, losses
