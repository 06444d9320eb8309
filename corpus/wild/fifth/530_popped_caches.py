import numpy as np


def start_parameters(sizes, method):
    parameters = {}
    for i in range(1, len(sizes)):
        if method == 'random':
            scale = 0.01
        elif method == 'he':
            scale = np.sqrt(2 / sizes[i - 1])
        elif method == 'xavier':
            scale = np.sqrt(1 / sizes[i - 1])
        parameters['W' + str(i)] = np.random.randn(sizes[i], sizes[i - 1]) * scale
        parameters['B' + str(i)] = np.zeros((sizes[i], 1))
    return parameters


def relu(Z):
    return np.maximum(0, Z)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def one_forward(A_prev, W, b, activation):
    Z = np.dot(W, A_prev) + b
    return activation(Z), (A_prev, W, b, Z)


def forward(X, parameters):
    L = len(parameters) // 2
    caches = []
    A = X
    for i in range(1, L):
        A, cache = one_forward(A, parameters['W' + str(i)], parameters['B' + str(i)], relu)
        caches.append(cache)
    AL, cache = one_forward(A, parameters['W' + str(L)], parameters['B' + str(L)], sigmoid)
    caches.append(cache)
    return AL, caches


def total_cost(Y, AL):
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL), axis=1)


def cost_back(Y, AL):
    return -Y / AL + (1 - Y) / (1 - AL)  # (n_o, m)


def sigmoid_back(dA, cache):
    A_prev, W, b, Z = cache
    A = sigmoid(Z)
    return dA * (A * (1 - A))


def relu_back(dA, cache):
    A_prev, W, b, Z = cache
    dZ = dA.copy()
    dZ[Z < 0] = 0
    return dZ


def linear_back(dZ, cache):
    A_prev, W, b, Z = cache
    m = A_prev.shape[1]
    dA_prev = np.dot(W.T, dZ)
    dW = 1 / m * np.dot(dZ, A_prev.T)
    dB = 1 / m * np.sum(dZ, axis=1)
    return dA_prev, dW, dB


def backward(Y, AL, caches):
    L = len(caches)
    gradients = {}

    cache = caches.pop()
    dZ = sigmoid_back(cost_back(Y, AL), cache)
    dA_prev, dW, dB = linear_back(dZ, cache)
    gradients['dW' + str(L)] = dW
    gradients['dB' + str(L)] = dB

    for i in reversed(range(1, L)):
        cache = caches.pop()
        dZ = relu_back(dA_prev, cache)
        dA_prev, dW, dB = linear_back(dZ, cache)
        gradients['dW' + str(i)] = dW
        gradients['dB' + str(i)] = dB
    return gradients


def predict(X, parameters):
    AL, _ = forward(X, parameters)
    found = AL.copy()
    found[found < 0.5] = 0
    found[found >= 0.5] = 1
    return found
