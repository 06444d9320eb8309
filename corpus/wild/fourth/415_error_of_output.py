import numpy as np


class NeuralNetwork:
    def __init__(self, input_size, hidden_size, output_size, learning_rate=0.1, seed=None):
        if seed is not None:
            np.random.seed(seed)
        self.w1 = np.random.randn(input_size, hidden_size) * 0.1
        self.b1 = np.zeros((1, hidden_size))
        self.w2 = np.random.randn(hidden_size, output_size) * 0.1
        self.b2 = np.zeros((1, output_size))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_slope(self, x):
        return x * (1 - x)

    def forward(self, X):
        self.z1 = X @ self.w1 + self.b1
        self.a1 = self.sigmoid(self.z1)
        self.z2 = self.a1 @ self.w2 + self.b2
        self.a2 = self.sigmoid(self.z2)
        return self.a2

    def backward(self, X, y):
        m = y.shape[0]
        out_error = self.a2 - y
        grad_w2 = self.a1.T @ out_error / m
        grad_b2 = np.sum(out_error, axis=0, keepdims=True) / m
        hid_error = (out_error @ self.w2.T) * self.sigmoid_slope(self.a1)
        grad_w1 = X.T @ hid_error / m
        grad_b1 = np.sum(hid_error, axis=0, keepdims=True) / m

        self.w2 -= self.lr * grad_w2
        self.b2 -= self.lr * grad_b2
        self.w1 -= self.lr * grad_w1
        self.b1 -= self.lr * grad_b1

    def predict(self, X):
        probs = self.forward(X)
        return (probs > 0.5).astype(int), probs

    def log_loss(self, y_true, y_pred):
        eps = 1e-8
        return -np.mean(y_true * np.log(y_pred + eps) + (1 - y_true) * np.log(1 - y_pred + eps))
