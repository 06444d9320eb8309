import numpy as np


def softmax(z):
    e = np.exp(z)
    return e / np.sum(e, axis=0)


def forward_prop(x, W1, W2, b1, b2):
    h = np.maximum(0, np.dot(W1, x) + b1)
    return np.dot(W2, h) + b2, h


def compute_cost(y, yhat, batch_size):
    logs = np.multiply(np.log(yhat), y)
    return np.squeeze(-1 / batch_size * np.sum(logs))


def back_prop(x, yhat, y, h, W1, W2, b1, b2, batch_size):
    l1 = np.maximum(0, np.dot(W2.T, yhat - y))
    grad_W1 = (1 / batch_size) * np.dot(l1, x.T)
    grad_W2 = (1 / batch_size) * np.dot(yhat - y, h.T)
    grad_b1 = np.sum((1 / batch_size) * np.dot(l1, x.T), axis=1, keepdims=True)
    grad_b2 = np.sum((1 / batch_size) * np.dot(yhat - y, h.T), axis=1, keepdims=True)
    return grad_W1, grad_W2, grad_b1, grad_b2
