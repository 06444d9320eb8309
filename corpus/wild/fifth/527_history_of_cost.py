import numpy as np


class XorNet:
    def __init__(self):
        self.W_xh = np.random.randn(2, 5)
        self.b_h = np.zeros((1, 5))
        self.W_hy = np.random.randn(5, 1)
        self.b_y = np.zeros((1, 1))

    def sig(self, z):
        return 1 / (1 + np.exp(-z))

    def sig_derivative(self, z):
        s = self.sig(z)
        return s * (1 - s)

    def train(self, X, y, iterations=10000, alpha=0.1):
        history = []
        for i in range(iterations):
            z1 = np.dot(X, self.W_xh) + self.b_h
            a1 = self.sig(z1)
            z2 = np.dot(a1, self.W_hy) + self.b_y
            y_hat = self.sig(z2)

            history.append(0.5 * np.sum((y - y_hat)**2))

            d2 = (y_hat - y) * self.sig_derivative(z2)
            d1 = np.dot(d2, self.W_hy.T) * self.sig_derivative(z1)

            self.W_hy -= alpha * np.dot(a1.T, d2)
            self.b_y -= alpha * np.sum(d2, axis=0, keepdims=True)
            self.W_xh -= alpha * np.dot(X.T, d1)
            self.b_h -= alpha * np.sum(d1, axis=0, keepdims=True)
        return history

    def predict(self, x1, x2):
        a1 = self.sig(np.dot(np.array([[x1, x2]]), self.W_xh) + self.b_h)
        return self.sig(np.dot(a1, self.W_hy) + self.b_y)[0][0]
