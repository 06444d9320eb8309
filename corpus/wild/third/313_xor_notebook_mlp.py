import numpy as np


class MLP:
    """Один скрытый слой."""

    def __init__(self, input_size, hidden_size, output_size, learning_rate=0.1):
        rng = np.random.RandomState(42)
        self.W1 = rng.standard_normal((input_size, hidden_size)) * 0.5
        self.b1 = np.zeros((1, hidden_size))
        self.W2 = rng.standard_normal((hidden_size, output_size)) * 0.5
        self.b2 = np.zeros((1, output_size))
        self.learning_rate = learning_rate

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

    def sigmoid_derivative(self, z):
        s = self.sigmoid(z)
        return s * (1 - s)

    def forward(self, X):
        self.z1 = X @ self.W1 + self.b1
        self.a1 = self.sigmoid(self.z1)
        self.z2 = self.a1 @ self.W2 + self.b2
        self.a2 = self.sigmoid(self.z2)
        return self.a2

    def backward(self, X, y, output):
        m = len(X)
        dz2 = output - y.reshape(-1, 1)
        dW2 = self.a1.T @ dz2 / m
        db2 = dz2.sum(axis=0, keepdims=True) / m
        dz1 = dz2 @ self.W2.T * self.sigmoid_derivative(self.z1)
        dW1 = X.T @ dz1 / m
        db1 = dz1.sum(axis=0, keepdims=True) / m

        self.W2 -= self.learning_rate * dW2
        self.b2 -= self.learning_rate * db2
        self.W1 -= self.learning_rate * dW1
        self.b1 -= self.learning_rate * db1

    def train(self, X, y, epochs=10000):
        losses = []
        for epoch in range(epochs):
            output = self.forward(X)
            losses.append(np.mean((output - y.reshape(-1, 1)) ** 2))
            self.backward(X, y, output)
        return losses

    def predict(self, X):
        return (self.forward(X) > 0.5).astype(int).flatten()
