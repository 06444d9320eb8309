import math

import numpy as np

sizes = [3, 5, 4, 3]  # inputs, hidden layers, classes
n_pieces = 7
n_classes = 3


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def relu(Z):
    return np.maximum(0, Z), Z


def softmax(Z):
    e = np.exp(Z)
    return e / np.sum(np.exp(Z)), Z


def relu_back(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid_back(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def softmax_back(dA, Z):
    dZ = np.zeros((n_pieces, n_classes))
    Z = np.transpose(Z)
    for row in range(n_pieces):
        below = np.sum(np.exp(Z[row, :])) * np.sum(np.exp(Z[row, :]))
        for col in range(n_classes):
            others = 0
            for j in range(n_classes):
                if j != col:
                    others = others + math.exp(Z[row, j])
            dZ[row, col] = (math.exp(Z[row, col]) * others) / below
    return np.transpose(dZ)


def start(sizes):
    parameters = {}
    for l in range(1, len(sizes)):
        parameters['W' + str(l)] = np.random.randn(sizes[l], sizes[l - 1]) / np.sqrt(sizes[l - 1])
        parameters['b' + str(l)] = np.zeros((sizes[l], 1))
    return parameters


def linear(A, W, b):
    return np.dot(W, A) + b, (A, W, b)


def linear_then(A, W, b, kind):
    Z, first = linear(A, W, b)
    A, second = {'sigmoid': sigmoid, 'relu': relu, 'softmax': softmax}[kind](Z)
    return A, (first, second)


def model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A, cache = linear_then(A, parameters['W' + str(l)], parameters['b' + str(l)], 'relu')
        caches.append(cache)
    AL, cache = linear_then(A, parameters['W' + str(L)], parameters['b' + str(L)], 'softmax')
    caches.append(cache)
    return AL, caches


def cost_of(AL, Y):
    m = Y.shape[1]
    return (-1 / m) * np.sum(np.multiply(Y, np.log(AL)) + np.multiply(1 - Y, np.log(1 - AL)))


def linear_back(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    dW = 1. / m * np.dot(dZ, A.T)
    db = (1 / m) * np.sum(dZ, axis=1, keepdims=True)
    return np.dot(W.T, dZ), dW, db


def then_back(dA, cache, kind):
    first, second = cache
    dZ = {'sigmoid': sigmoid_back, 'relu': relu_back, 'softmax': softmax_back}[kind](dA, second)
    return linear_back(dZ, first)


def model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    M = len(sizes)
    grads["dA" + str(M - 1)], grads["dW" + str(M - 1)], grads["db" + str(M - 1)] = then_back(dAL, caches[M - 2], 'softmax')
    for l in reversed(range(L - 1)):
        dA, dW, db = then_back(grads["dA" + str(l + 2)], caches[l], 'relu')
        grads["dA" + str(l + 1)] = dA
        grads["dW" + str(l + 1)] = dW
        grads["db" + str(l + 1)] = db
    return grads


def update(parameters, grads, rate):
    for l in range(len(sizes) - 1):
        parameters["W" + str(l + 1)] = parameters["W" + str(l + 1)] - rate * grads["dW" + str(l + 1)]
        parameters["b" + str(l + 1)] = parameters["b" + str(l + 1)] - rate * grads["db" + str(l + 1)]
    return parameters
