import numpy as np


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def relu(Z):
    A = np.maximum(0, Z)
    assert A.shape == Z.shape
    return A, Z


def init_parameters(dims):
    np.random.seed(4)
    parameters = {}
    for i in range(1, len(dims)):
        parameters['W' + str(i)] = np.random.randn(dims[i], dims[i - 1]) * np.sqrt(2. / dims[i - 1])
        parameters['b' + str(i)] = np.zeros((dims[i], 1))
    return parameters


def forward_step(A_prev, W, b, activation):
    Z = np.dot(W, A_prev) + b
    if activation == "sigmoid":
        A, z_cache = sigmoid(Z)
    elif activation == "relu":
        A, z_cache = relu(Z)
    assert A.shape == (W.shape[0], A_prev.shape[1])
    return A, ((A_prev, W, b), z_cache)


def forward_all(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for i in range(1, L):
        A, cache = forward_step(A, parameters['W' + str(i)], parameters['b' + str(i)], activation="relu")
        caches.append(cache)
    AL, cache = forward_step(A, parameters['W' + str(L)], parameters['b' + str(L)], activation="sigmoid")
    caches.append(cache)
    return AL, caches


def plain_cost(AL, Y):
    m = Y.shape[1]
    each = np.multiply(-np.log(AL), Y) + np.multiply(-np.log(1 - AL), 1 - Y)
    return 1. / m * np.nansum(each)


def cost_with_l2(AL, Y, parameters, lambd):
    m = Y.shape[1]
    l2_part = 0
    for i in range(len(parameters) // 2):
        l2_part += np.sum(np.square(parameters["W" + str(i + 1)]))
    return plain_cost(AL, Y) + l2_part * (1. / m) * (lambd / 2)


def relu_back(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ = np.multiply(dZ, np.int64(Z >= 0))
    return dZ


def sigmoid_back(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def back_step_l2(dA, cache, activation, lambd):
    (A_prev, W, b), z_cache = cache
    if activation == "relu":
        dZ = relu_back(dA, z_cache)
    elif activation == "sigmoid":
        dZ = sigmoid_back(dA, z_cache)
    m = A_prev.shape[1]
    dW = (1. / m) * (np.dot(dZ, A_prev.T) + lambd * W)
    db = (1. / m) * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def divide(a, b):
    with np.errstate(divide='ignore', invalid='ignore'):
        c = np.true_divide(a, b)
        c[c == np.inf] = 0
        c = np.nan_to_num(c)
    return c


def backward_all_l2(AL, Y, caches, lambd):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)
    dAL = -(divide(Y, AL) - divide(1 - Y, 1 - AL))
    grads["dA" + str(L)], grads["dW" + str(L)], grads["db" + str(L)] = back_step_l2(
        dAL, caches[-1], activation="sigmoid", lambd=lambd)
    for i in reversed(range(L - 1)):
        above = grads["dA" + str(i + 2)]
        grads["dA" + str(i + 1)], grads["dW" + str(i + 1)], grads["db" + str(i + 1)] = back_step_l2(
            above, caches[i], activation="relu", lambd=lambd)
    return grads


def change_parameters(parameters, grads, rate):
    for i in range(len(parameters) // 2):
        parameters["W" + str(i + 1)] = parameters["W" + str(i + 1)] - rate * grads["dW" + str(i + 1)]
        parameters["b" + str(i + 1)] = parameters["b" + str(i + 1)] - rate * grads["db" + str(i + 1)]
    return parameters
