import numpy as np


class MLP:
    def __init__(self, n_in, n_hidden, n_out):
        rng = np.random.RandomState(0)
        self.W1 = rng.standard_normal((n_in, n_hidden)) / np.sqrt(n_in)
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
        self.b2 = np.zeros((1, n_out))

    def forward(self, X):
        self.z1 = np.dot(X, self.W1) + self.b1
        self.a1 = np.maximum(0, self.z1)
        self.z2 = np.dot(self.a1, self.W2) + self.b2
        e = np.exp(self.z2 - np.max(self.z2, axis=1, keepdims=True))
        self.a2 = e / np.sum(e, axis=1, keepdims=True)
        return self.a2

    def backward(self, X, y, output):
        n = X.shape[0]
        self.delta2 = output - y
        self.dW2 = (1 / n) * np.dot(self.a1.T, self.delta2)
        self.db2 = (1 / n) * np.sum(self.delta2, axis=0, keepdims=True)
        self.delta1 = np.dot(self.delta2, self.W2.T) * np.where(self.a1 > 0, 1, 0)
        self.dW1 = (1 / n) * np.dot(X.T, self.delta1)
        self.db1 = (1 / n) * np.sum(self.delta1, axis=0, keepdims=True)
        self.W2 -= self.learning_rate * self.dW2
        self.b2 -= self.learning_rate * self.db2
        self.W1 -= self.learning_rate * self.dW1
        self.b1 -= self.learning_rate * self.db1

    def mean_loss(self, y_true, y_pred):
        return -np.sum(y_true * np.log(y_pred + 1e-8)) / y_true.shape[0]

    def train(self, X, y, epochs, learning_rate):
        self.learning_rate = learning_rate
        for epoch in range(epochs):
            output = self.forward(X)
            loss = self.mean_loss(y, output)
            self.backward(X, y, output)
            if epoch % 100 == 0:
                print(epoch, loss)
