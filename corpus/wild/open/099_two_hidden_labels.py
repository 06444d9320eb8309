import numpy as np


def squash(z):
    z = np.clip(z, -50, 50)
    return 1.0 / (1.0 + np.exp(-z))


def d_squash(a):
    return a * (1.0 - a)


def softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(probs, y):
    return -np.mean(np.log(probs[np.arange(y.shape[0]), y] + 1e-12))


class MLP2Hidden:
    def __init__(self, input_dim, h1=64, h2=32, num_classes=4, activation="sigmoid", seed=42):
        rng = np.random.default_rng(seed)
        self.W1 = rng.normal(0, np.sqrt(1 / input_dim), size=(input_dim, h1))
        self.W2 = rng.normal(0, np.sqrt(1 / h1), size=(h1, h2))
        self.W3 = rng.normal(0, np.sqrt(1 / h2), size=(h2, num_classes))
        self.b1 = np.zeros((1, h1))
        self.b2 = np.zeros((1, h2))
        self.b3 = np.zeros((1, num_classes))
        self.relu = activation == "relu"

    def forward(self, X):
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = np.maximum(0.0, self.Z1) if self.relu else squash(self.Z1)
        self.Z2 = self.A1 @ self.W2 + self.b2
        self.A2 = np.maximum(0.0, self.Z2) if self.relu else squash(self.Z2)
        self.Z3 = self.A2 @ self.W3 + self.b3
        self.P = softmax(self.Z3)
        return self.P

    def backward(self, X, y):
        n = X.shape[0]
        dZ3 = self.P.copy()
        dZ3[np.arange(n), y] -= 1.0
        dZ3 /= n
        dW3 = self.A2.T @ dZ3
        db3 = np.sum(dZ3, axis=0, keepdims=True)
        dA2 = dZ3 @ self.W3.T
        dZ2 = dA2 * (self.Z2 > 0) if self.relu else dA2 * d_squash(self.A2)
        dW2 = self.A1.T @ dZ2
        db2 = np.sum(dZ2, axis=0, keepdims=True)
        dA1 = dZ2 @ self.W2.T
        dZ1 = dA1 * (self.Z1 > 0) if self.relu else dA1 * d_squash(self.A1)
        dW1 = X.T @ dZ1
        db1 = np.sum(dZ1, axis=0, keepdims=True)
        return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3}

    def step(self, grads, lr=0.1):
        self.W1 -= lr * grads["dW1"]
        self.b1 -= lr * grads["db1"]
        self.W2 -= lr * grads["dW2"]
        self.b2 -= lr * grads["db2"]
        self.W3 -= lr * grads["dW3"]
        self.b3 -= lr * grads["db3"]
