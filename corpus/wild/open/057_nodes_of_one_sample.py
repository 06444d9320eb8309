import numpy as np


class Node:
    def __init__(self, n_in, n_out):
        self.weights = np.random.RandomState(n_in).standard_normal((n_in, n_out))
        self.biases = np.zeros((1, n_out))

    def forward(self, inputs):
        return np.dot(inputs, self.weights) + self.biases


class Network:
    def __init__(self, input_data, hidden_size, rate):
        self.data = np.array(input_data)
        self.rate = rate
        self.layer1 = Node(input_data.shape[0], hidden_size)
        self.layer2 = Node(hidden_size, 1)

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def mse(self, y_true, y_pred):
        return np.mean((y_true - y_pred) ** 2)

    def forward_pass(self):
        self.z1 = self.layer1.forward(self.data.T)
        self.a1 = self.squash(self.z1)
        self.z2 = self.layer2.forward(self.a1)
        self.a2 = self.squash(self.z2)
        return self.a2

    def backward(self, y_pred, X, y_true):
        dL_da2 = y_pred - y_true
        dL_dz2 = dL_da2 * (y_pred * (1 - y_pred))
        dL_dw2 = np.dot(self.a1.T, dL_dz2)
        dL_db2 = np.sum(dL_dz2, axis=0, keepdims=True)
        dL_da1 = np.dot(dL_dz2, self.layer2.weights.T)
        dL_dz1 = dL_da1 * (self.a1 * (1 - self.a1))
        dL_dw1 = np.dot(X.reshape(-1, 1), dL_dz1)
        dL_db1 = np.sum(dL_dz1, axis=0, keepdims=True)
        self.layer1.weights -= self.rate * dL_dw1
        self.layer1.biases -= self.rate * dL_db1
        self.layer2.weights -= self.rate * dL_dw2
        self.layer2.biases -= self.rate * dL_db2
