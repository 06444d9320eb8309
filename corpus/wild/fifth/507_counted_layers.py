import numpy as np


def new_params(sizes, seed=None):
    if seed is not None:
        np.random.seed(seed)
    params = {}
    for i in range(1, len(sizes)):
        params[f"W{i}"] = np.random.randn(sizes[i], sizes[i - 1])
        params[f"b{i}"] = 0.1
    return params


def logistic(Z):
    return 1 / (1 + np.exp(-Z))


def forward_pass(X, params):
    caches = {}
    A = X
    caches["A0"] = A
    n_layers = sum(1 for key in params.keys() if key.startswith("W"))
    for i in range(1, n_layers + 1):
        Z = np.dot(params[f"W{i}"], A) + params[f"b{i}"]
        A = logistic(Z)
        caches[f"Z{i}"] = Z
        caches[f"A{i}"] = A
    return A, caches


def cost_of(A_out, Y):
    m = Y.shape[1]
    tiny = 1e-15
    return -np.sum(Y * np.log(A_out + tiny) + (1 - Y) * np.log(1 - A_out + tiny)) / m


def backward_pass(params, caches, Y):
    grads = {}
    m = Y.shape[1]
    n_layers = sum(1 for key in params.keys() if key.startswith("W"))

    dZ_up = caches[f"A{n_layers}"] - Y
    A_before = caches[f"A{n_layers - 1}"]
    grads[f"dW{n_layers}"] = np.dot(dZ_up, A_before.T) / m
    grads[f"db{n_layers}"] = np.sum(dZ_up, axis=1, keepdims=True) / m

    for i in reversed(range(1, n_layers)):
        dA = np.dot(params[f"W{i + 1}"].T, dZ_up)
        A_here = caches[f"A{i}"]
        dZ = dA * (A_here * (1 - A_here))
        grads[f"dW{i}"] = np.dot(dZ, caches[f"A{i - 1}"].T) / m
        grads[f"db{i}"] = np.sum(dZ, axis=1, keepdims=True) / m
        dZ_up = dZ
    return grads


def step_params(params, grads, lr=0.01):
    n_layers = sum(1 for key in params.keys() if key.startswith("W"))
    for i in range(1, n_layers + 1):
        params[f"W{i}"] -= lr * grads[f"dW{i}"]
        params[f"b{i}"] -= lr * grads[f"db{i}"]
    return params


def train(X, Y, sizes, epochs=1000, lr=0.15, seed=None):
    params = new_params(sizes, seed=seed)
    for i in range(epochs):
        A_out, caches = forward_pass(X, params)
        cost = cost_of(A_out, Y)
        params = step_params(params, backward_pass(params, caches, Y), lr=lr)
        if i % 10000 == 0:
            print(f"Epoch {i:4d}  cost {cost:.6f}")
    return params
