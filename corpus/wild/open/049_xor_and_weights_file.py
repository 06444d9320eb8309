import numpy as np


class Network:
    def __init__(self, n_in, n_hidden, n_out, rate=0.1):
        rng = np.random.RandomState(0)
        self.rate = rate
        self.W1 = rng.standard_normal((n_in, n_hidden)) * 1.0
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = rng.standard_normal((n_hidden, n_out)) * 1.0
        self.b2 = np.zeros((1, n_out))

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def slope(self, a):
        return a * (1 - a)

    def forward(self, X):
        self.z1 = np.dot(X, self.W1) + self.b1
        self.a1 = self.squash(self.z1)
        self.z2 = np.dot(self.a1, self.W2) + self.b2
        self.a2 = self.squash(self.z2)
        return self.a2

    def backward(self, X, y, output):
        m = y.shape[0]
        dZ2 = (output - y) * self.slope(output)
        dW2 = np.dot(self.a1.T, dZ2) / m
        db2 = np.sum(dZ2, axis=0, keepdims=True) / m
        dZ1 = np.dot(dZ2, self.W2.T) * self.slope(self.a1)
        dW1 = np.dot(X.T, dZ1) / m
        db1 = np.sum(dZ1, axis=0, keepdims=True) / m
        self.W2 -= self.rate * dW2
        self.b2 -= self.rate * db2
        self.W1 -= self.rate * dW1
        self.b1 -= self.rate * db1

    def train(self, X, y, epochs=10000):
        for epoch in range(epochs):
            output = self.forward(X)
            self.backward(X, y, output)
            if epoch % 1000 == 0:
                print(np.mean(np.square(y - output)))
