import numpy as np


def relu(Z):
    A = np.maximum(0, Z)
    return A, Z


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def relu_backprop(dA, cache):
    dZ = np.array(dA, copy=True)
    dZ[cache <= 0] = 0
    return dZ


def sigmoid_backprop(dA, cache):
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)


def for_prop(A, W, b):
    Z = W.dot(A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    return Z, (A, W, b)


def for_activation(A_prev, W, b, activ):
    Z, linear_cache = for_prop(A_prev, W, b)
    if activ == "sigmoid":
        A, activ_cache = sigmoid(Z)
    elif activ == "relu":
        A, activ_cache = relu(Z)
    return A, (linear_cache, activ_cache)


def deep_model(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A, cache = for_activation(A, parameters["W" + str(l)], parameters["b" + str(l)], activ="relu")
        caches.append(cache)
    AV, cache = for_activation(A, parameters["W" + str(L)], parameters["b" + str(L)], activ="sigmoid")
    caches.append(cache)
    assert AV.shape == (1, X.shape[1])
    return AV, caches


def cost_computation(AV, Y):
    m = Y.shape[1]
    cost = -(1 / m) * np.sum(np.dot(np.log(AV), Y.T) + np.dot(np.log(1 - AV), (1 - Y.T)))
    return np.squeeze(cost)


def back_prop(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = (1 / m) * np.dot(dZ, A_prev.T)
    db = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def back_activ(dA, cache, activ):
    for_cache, activ_cache = cache
    if activ == "relu":
        dZ = relu_backprop(dA, activ_cache)
    elif activ == "sigmoid":
        dZ = sigmoid_backprop(dA, activ_cache)
    return back_prop(dZ, for_cache)


def deep_model_back(AV, Y, caches):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AV.shape)
    dAL = -(np.divide(Y, AV) - np.divide(1 - Y, 1 - AV))
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = back_activ(
        dAL, caches[L - 1], activ="sigmoid")
    for l in reversed(range(L - 1)):
        dA_prev_temp, dW_temp, db_temp = back_activ(grads["dA" + str(l + 1)], caches[l], activ="relu")
        grads["dA" + str(l)] = dA_prev_temp
        grads["dW" + str(l + 1)] = dW_temp
        grads["db" + str(l + 1)] = db_temp
    return grads
