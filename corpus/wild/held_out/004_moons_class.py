import numpy as np


class MLP:
    def __init__(self, n_in, n_hidden, n_out, rate=0.01):
        rng = np.random.RandomState(0)
        self.W1 = rng.standard_normal((n_in, n_hidden)) * 0.5
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = rng.standard_normal((n_hidden, n_out)) * 0.5
        self.b2 = np.zeros((1, n_out))
        self.learning_rate = rate

    def squash(self, x):
        return 1 / (1 + np.exp(-np.clip(x, -250, 250)))

    def slope(self, a):
        return a * (1 - a)

    def forward(self, X):
        self.z1 = np.dot(X, self.W1) + self.b1
        self.a1 = self.squash(self.z1)
        self.z2 = np.dot(self.a1, self.W2) + self.b2
        self.a2 = self.squash(self.z2)
        return self.a2

    def backward(self, X, y, output):
        n = X.shape[0]
        d_z2 = output - y.reshape(-1, 1)
        d_W2 = (1 / n) * np.dot(self.a1.T, d_z2)
        d_b2 = (1 / n) * np.sum(d_z2, axis=0, keepdims=True)
        d_z1 = np.dot(d_z2, self.W2.T) * self.slope(self.a1)
        d_W1 = (1 / n) * np.dot(X.T, d_z1)
        d_b1 = (1 / n) * np.sum(d_z1, axis=0, keepdims=True)
        self.W2 -= self.learning_rate * d_W2
        self.b2 -= self.learning_rate * d_b2
        self.W1 -= self.learning_rate * d_W1
        self.b1 -= self.learning_rate * d_b1

    def train(self, X, y, epochs=1000):
        losses = []
        for _ in range(epochs):
            output = self.forward(X)
            self.backward(X, y, output)
            losses.append(-np.mean(y * np.log(output + 1e-8) + (1 - y) * np.log(1 - output + 1e-8)))
        return losses

    def predict(self, X):
        return (self.forward(X) > 0.5).astype(int)
