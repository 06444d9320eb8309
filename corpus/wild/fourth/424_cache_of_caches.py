import numpy as np


def relu(Z):
    A = np.maximum(0, Z)
    return A, Z


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def relu_back(dA, cache):
    dZ = np.array(dA, copy=True)
    dZ[cache <= 0] = 0
    return dZ


def sigmoid_back(dA, cache):
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)


def linear_forward(A, W, b):
    Z = W.dot(A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    return Z, (A, W, b)


def layer_forward(A_prev, W, b, activ):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activ == "sigmoid":
        A, z_cache = sigmoid(Z)
    elif activ == "relu":
        A, z_cache = relu(Z)
    return A, (linear_cache, z_cache)


def model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A, cache = layer_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], activ="relu")
        caches.append(cache)
    A_last, cache = layer_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], activ="sigmoid")
    caches.append(cache)
    assert A_last.shape == (1, X.shape[1])
    return A_last, caches


def cost_of(A_last, Y):
    m = Y.shape[1]
    cost = -(1 / m) * np.sum(np.dot(np.log(A_last), Y.T) + np.dot(np.log(1 - A_last), (1 - Y.T)))
    return np.squeeze(cost)


def linear_back(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = (1 / m) * np.dot(dZ, A_prev.T)
    db = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def layer_back(dA, cache, activ):
    linear_part, z_cache = cache
    if activ == "relu":
        dZ = relu_back(dA, z_cache)
    elif activ == "sigmoid":
        dZ = sigmoid_back(dA, z_cache)
    return linear_back(dZ, linear_part)


def model_back(A_last, Y, caches):
    grads = {}
    L = len(caches)
    Y = Y.reshape(A_last.shape)
    dA_last = -(np.divide(Y, A_last) - np.divide(1 - Y, 1 - A_last))
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = layer_back(
        dA_last, caches[L - 1], activ="sigmoid")
    for l in reversed(range(L - 1)):
        dA_before, dW_here, db_here = layer_back(grads["dA" + str(l + 1)], caches[l], activ="relu")
        grads["dA" + str(l)] = dA_before
        grads["dW" + str(l + 1)] = dW_here
        grads["db" + str(l + 1)] = db_here
    return grads
