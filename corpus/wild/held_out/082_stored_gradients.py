import numpy as np


class Network:
    def __init__(self, n_in: int, n_hidden: int, n_out: int):
        rng = np.random.RandomState(0)
        self.W1 = rng.standard_normal((n_in, n_hidden)) * np.sqrt(2.0 / n_in)
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = rng.standard_normal((n_hidden, n_out)) * np.sqrt(2.0 / (n_hidden + n_out))
        self.b2 = np.zeros((1, n_out))

    def softmax(self, Z: np.ndarray) -> np.ndarray:
        e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.X = X
        self.Z1 = np.dot(X, self.W1) + self.b1
        self.A1 = np.maximum(0, self.Z1)
        self.Z2 = np.dot(self.A1, self.W2) + self.b2
        self.A2 = self.softmax(self.Z2)
        return self.A2

    def backward(self, Y_onehot: np.ndarray):
        n = self.X.shape[0]
        self.dZ2 = self.A2 - Y_onehot
        self.dW2 = np.dot(self.A1.T, self.dZ2) / n
        self.db2 = np.sum(self.dZ2, axis=0, keepdims=True) / n
        self.dA1 = np.dot(self.dZ2, self.W2.T)
        self.dZ1 = self.dA1 * (self.Z1 > 0).astype(float)
        self.dW1 = np.dot(self.X.T, self.dZ1) / n
        self.db1 = np.sum(self.dZ1, axis=0, keepdims=True) / n

    def step(self, lr: float):
        self.W1 -= lr * self.dW1
        self.b1 -= lr * self.db1
        self.W2 -= lr * self.dW2
        self.b2 -= lr * self.db2
