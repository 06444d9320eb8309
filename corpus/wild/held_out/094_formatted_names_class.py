import numpy as np


class MLP:
    def __init__(self, input_size, hidden_sizes, output_size):
        rng = np.random.RandomState(42)
        self.params = {}
        self.layers = [input_size] + hidden_sizes + [output_size]
        for i in range(1, len(self.layers)):
            scale = np.sqrt(2.0 / self.layers[i - 1])
            self.params[f"W{i}"] = rng.standard_normal((self.layers[i - 1], self.layers[i])) * scale
            self.params[f"b{i}"] = np.zeros((1, self.layers[i]))

    def forward(self, X):
        self.cache = {"A0": X}
        L = len(self.layers) - 1
        for i in range(1, L + 1):
            Z = np.dot(self.cache[f"A{i - 1}"], self.params[f"W{i}"]) + self.params[f"b{i}"]
            self.cache[f"Z{i}"] = Z
            if i < L:
                self.cache[f"A{i}"] = np.maximum(0, Z)
            else:
                e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
                self.cache[f"A{i}"] = e / np.sum(e, axis=1, keepdims=True)
        return self.cache[f"A{L}"]

    def backward(self, Y, learning_rate):
        m = Y.shape[0]
        L = len(self.layers) - 1
        dZ = self.cache[f"A{L}"] - Y
        for i in range(L, 0, -1):
            dW = (1 / m) * np.dot(self.cache[f"A{i - 1}"].T, dZ)
            db = (1 / m) * np.sum(dZ, axis=0, keepdims=True)
            self.params[f"W{i}"] -= learning_rate * dW
            self.params[f"b{i}"] -= learning_rate * db
            if i > 1:
                dA = np.dot(dZ, self.params[f"W{i}"].T)
                dZ = dA * (self.cache[f"Z{i - 1}"] > 0).astype(float)

    def compute_loss(self, Y_true, Y_pred):
        return -np.sum(Y_true * np.log(Y_pred + 1e-9)) / Y_true.shape[0]
