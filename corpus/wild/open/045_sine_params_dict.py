import numpy as np


def forward_propagate(X, parameters):
    W1, W2 = parameters["W1"], parameters["W2"]
    b1, b2 = parameters["b1"], parameters["b2"]
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = 1 / (1 + np.exp(-(np.dot(W2, A1) + b2)))
    return A1, A2


def compute_cost(A2, Y):
    return -(1 / Y.shape[1]) * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))


def back_propagate(X, parameters, A1, A2, Y):
    W2 = parameters["W2"]
    share = 1 / X.shape[1]
    dZ2 = A2 - Y
    dW2 = share * np.dot(dZ2, A2.T)
    db2 = share * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T * dZ2 * (1 - np.power(A1, 2))
    dW1 = share * np.dot(dZ1, X.T)
    db1 = share * np.sum(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def update(parameters, grads, rate=0.1):
    return {name: parameters[name] - rate * grads["d" + name] for name in parameters}
