import numpy as np


def sizes_of(X, Y):
    return (len(X), 4, len(Y))


def start(n_x, n_h, n_y):
    W1 = np.random.randn(n_h, n_x)
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_y, n_h)
    b2 = np.zeros((n_y, 1))
    return {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}


def sig(x, derivative=False):
    return x * (1 - x) if derivative else 1 / (1 + np.exp(-x))


def forward(parameters, X):
    W1, W2 = parameters['W1'], parameters['W2']
    b1, b2 = parameters['b1'], parameters['b2']
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sig(Z2)
    return A2, {'Z1': Z1, 'A1': A1, 'Z2': Z2, 'A2': A2}


def backward(parameters, cache, X, Y):
    m = X.shape[1]
    W2 = parameters['W2']
    A1 = cache['A1']
    A2 = cache['A2']
    dZ2 = A2 - Y
    dW2 = (1 / m) * np.dot(dZ2, A1.T)
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.multiply(np.dot(np.transpose(W2), dZ2), 1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, np.transpose(X))
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {'dW1': dW1, 'dW2': dW2, 'db1': db1, 'db2': db2}


def cost_of(A2, Y):
    m = Y.shape[1]
    logs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), 1 - Y)
    return -np.sum(logs) / m


def descend(parameters, grads, rate=1.2):
    W1, W2 = parameters['W1'], parameters['W2']
    b1, b2 = parameters['b1'], parameters['b2']
    W1 = W1 - rate * grads['dW1']
    W2 = W2 - rate * grads['dW2']
    b1 = b1 - rate * grads['db1']
    b2 - b2 - rate * grads['db2']
    return {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}


def fit(X, Y, n_h, n_rounds):
    n_x, _, n_y = sizes_of(X, Y)
    parameters = start(n_x, n_h, n_y)
    for i in range(n_rounds):
        A2, cache = forward(parameters, X)
        cost = cost_of(A2, Y)
        parameters = descend(parameters, backward(parameters, cache, X, Y))
        if i % 1000 == 0:
            print(cost)
    return parameters


def predict(X, parameters):
    A2, cache = forward(parameters, X)
    return (A2 > 0.5)
