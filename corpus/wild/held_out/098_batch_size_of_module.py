import numpy as np

n_batch = 8


def squash(z):
    return 1.0 / (1.0 + np.exp(-z))


def compute_loss(Y, Y_hat):
    return -(1.0 / Y.shape[1]) * np.sum(np.multiply(Y, np.log(Y_hat)))


def feed_forward(X, params):
    cache = {}
    cache["Z1"] = np.matmul(params["W1"], X) + params["b1"]
    cache["A1"] = squash(cache["Z1"])
    cache["Z2"] = np.matmul(params["W2"], cache["A1"]) + params["b2"]
    cache["A2"] = np.exp(cache["Z2"]) / np.sum(np.exp(cache["Z2"]), axis=0)
    return cache


def back_propagate(X, Y, params, cache):
    dZ2 = cache["A2"] - Y
    dW2 = (1.0 / n_batch) * np.matmul(dZ2, cache["A1"].T)
    db2 = (1.0 / n_batch) * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.matmul(params["W2"].T, dZ2)
    dZ1 = dA1 * squash(cache["Z1"]) * (1 - squash(cache["Z1"]))
    dW1 = (1.0 / n_batch) * np.matmul(dZ1, X.T)
    db1 = (1.0 / n_batch) * np.sum(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
