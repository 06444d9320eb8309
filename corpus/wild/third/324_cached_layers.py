import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Layer:
    def __init__(self, n_inputs, n_outputs):
        self.W = np.random.RandomState(n_inputs).standard_normal((n_inputs, n_outputs)) * 0.5
        self.b = np.zeros(n_outputs)
        self.cache = {}

    def forward(self, x):
        z = np.dot(x, self.W) + self.b
        self.cache = {"x": x, "z": z, "output": sigmoid(z)}
        return self.cache["output"]

    def backward(self, dy):
        x = self.cache["x"]
        output = self.cache["output"]
        dz = dy * output * (1 - output)
        if x.ndim == 1:
            self.dW = np.outer(x, dz)
            self.db = dz
        else:
            self.dW = np.dot(x.T, dz) / x.shape[0]
            self.db = np.mean(dz, axis=0)
        return np.dot(dz, self.W.T)

    def update_parameters(self, learning_rate):
        self.W -= learning_rate * self.dW
        self.b -= learning_rate * self.db


class NeuralNetwork:
    """Нейросеть из нескольких слоёв."""

    def __init__(self, layer_sizes):
        self.layers = [Layer(a, b) for a, b in zip(layer_sizes, layer_sizes[1:])]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def update_parameters(self, learning_rate):
        for layer in self.layers:
            layer.update_parameters(learning_rate)


def binary_cross_entropy_loss(y_pred, y_true):
    y_pred = np.clip(y_pred, 1e-15, 1 - 1e-15)
    return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred))


def binary_cross_entropy_grad(y_pred, y_true):
    y_pred = np.clip(y_pred, 1e-15, 1 - 1e-15)
    return (y_pred - y_true) / (y_pred * (1 - y_pred) + 1e-15)
