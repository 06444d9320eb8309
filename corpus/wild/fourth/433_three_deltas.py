import numpy as np


class NeuralNetwork:
    def __init__(self, X, y, lr=1e-3):
        self.input = X
        self.target = y
        self.lr = lr
        self.loss = []

    def sigmoid(self, z):
        return 1.0 / (1.0 + np.exp(-z))

    def sigmoid_slope(self, z):
        return self.sigmoid(z) * (1 - self.sigmoid(z))

    def forward(self, X, W1, b1, W2, b2, W3, b3):
        a1 = self.sigmoid(np.dot(X, W1) + b1)
        a2 = self.sigmoid(np.dot(a1, W2) + b2)
        a3 = self.sigmoid(np.dot(a2, W3) + b3)
        return a1, a2, a3

    def backward(self, X, y, a1, a2, a3, W1, b1, W2, b2, W3, learning_rate):
        delta3 = (a3 - y) * self.sigmoid_slope(a3)
        delta2 = np.dot(delta3, W3.T) * self.sigmoid_slope(a2)
        delta1 = np.dot(delta2, W2.T) * self.sigmoid_slope(a1)

        dW3 = np.dot(a2.T, delta3)
        db3 = np.sum(delta3, axis=0, keepdims=True)
        dW2 = np.dot(a1.T, delta2)
        db2 = np.sum(delta2, axis=0, keepdims=True)
        dW1 = np.dot(X.T, delta1)
        db1 = np.sum(delta1, axis=0, keepdims=True)

        W3 -= learning_rate * dW3
        b3 -= learning_rate * db3
        W2 -= learning_rate * dW2
        b2 -= learning_rate * db2
        W1 -= learning_rate * dW1
        b1 -= learning_rate * db1
        return W1, b1, W2, b2

    def train(self, X_train, y_train, params, n_epochs, learning_rate):
        W1, b1, W2, b2, W3, b3 = params
        for i in range(n_epochs):
            a1, a2, a3 = self.forward(X_train, W1, b1, W2, b2, W3, b3)
            if i % 100 == 0:
                print("Epoch", i, "loss:", np.mean((a3 - y_train) ** 2))
            W1, b1, W2, b2 = self.backward(X_train, y_train, a1, a2, a3, W1, b1, W2, b2, W3, learning_rate)
        return W1, b1, W2, b2
