import numpy as np


def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_p(x):
    return logistic(x) * (1 - logistic(x))


def rectifier(x):
    return np.maximum(x, 0)


def rectifier_p(x):
    return np.heaviside(x, 0)


def mse(y_true, y_hat):
    return np.mean((y_true - y_hat) ** 2)


def mse_p(y_true, y_hat):
    return y_hat - y_true


def make_parameters(layers):
    parameters = {}
    for i in range(1, len(layers)):
        parameters[f"W{i}"] = np.random.randn(layers[i], layers[i - 1]) * 0.01
        parameters[f"b{i}"] = np.zeros((layers[i], 1))
    return parameters


def propagate(X, parameters, functions):
    cache = {"A0": X}
    for i in range(1, len(parameters) // 2 + 1):
        Z = np.dot(parameters[f"W{i}"], cache[f"A{i - 1}"]) + parameters[f"b{i}"]
        cache[f"Z{i}"] = Z
        cache[f"A{i}"] = functions[i - 1](Z)
    return cache[f"A{i}"], cache


def propagate_back(y_true, parameters, cache, derivatives):
    grads = {}
    L = len(parameters) // 2
    m = y_true.shape[1]

    dA = mse_p(y_true, cache[f"A{L}"])
    dZ = dA * derivatives[L - 1](cache[f"Z{L}"])
    for i in reversed(range(1, L + 1)):
        grads[f"dW{i}"] = (1 / m) * np.dot(dZ, cache[f"A{i - 1}"].T)
        grads[f"db{i}"] = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
        if i > 1:
            dA = np.dot(parameters[f"W{i}"].T, dZ)
            dZ = dA * derivatives[i - 2](cache[f"Z{i - 1}"])
    return grads


def change(parameters, grads, rate):
    for i in range(1, len(parameters) // 2 + 1):
        parameters[f"W{i}"] -= rate * grads[f"dW{i}"]
        parameters[f"b{i}"] -= rate * grads[f"db{i}"]
    return parameters


def train(X, y, layers, functions, derivatives, rate=0.01, epochs=1000):
    parameters = make_parameters(layers)
    for epoch in range(epochs):
        y_hat, cache = propagate(X, parameters, functions)
        loss = mse(y, y_hat)
        grads = propagate_back(y, parameters, cache, derivatives)
        parameters = change(parameters, grads, rate)
        if epoch % 100 == 0:
            print(f"Epoch {epoch}, loss {loss}")
    return parameters
