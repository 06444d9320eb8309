import random

import numpy as np


class Digit_Network(object):
    def __init__(self, alpha=0.0001, scale=0.01):
        self.n_in = 4
        self.n_hid = 5
        self.n_out = 3
        self.alpha = alpha
        self.scale = scale
        # the last row of each matrix is the bias
        self.W1 = np.array(self.scale * np.random.randn(self.n_in + 1, self.n_hid))
        self.W2 = np.array(self.scale * np.random.randn(self.n_hid + 1, self.n_out))

    def forward(self, X):
        ones = np.ones((X.shape[0], 1))
        self.X_one = np.concatenate((X, ones), axis=1)
        self.z2 = np.dot(self.X_one, self.W1)
        self.a2 = self.soft_rectifier(self.z2)
        self.a2_one = np.concatenate((self.a2, ones), axis=1)
        self.z3 = np.dot(self.a2_one, self.W2)
        return self.sigmoid(self.z3)

    def sigmoid(self, z):
        new = np.zeros(z.shape)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                x = z[i][j]
                if x >= 0:
                    e = np.exp(-x)
                    e = 1.0 / (1.0 + e)
                else:
                    e = np.exp(x)
                    e = e / (1.0 + e)
                new[i][j] = e
        return new

    def sigmoid_prime(self, z):
        return self.sigmoid(z) * (1 - self.sigmoid(z))

    def soft_rectifier(self, z):
        return np.log(1.0 + np.exp(np.minimum(z, 15)))

    def soft_rectifier_prime(self, z):
        return self.sigmoid(z)

    def squares_prop(self, X, y):
        self.y_hat = self.forward(X)
        d3 = np.multiply((-(y - self.y_hat)), self.sigmoid_prime(self.z3))
        dJdW2 = np.dot(self.a2_one.T, d3)
        d2 = np.multiply(np.dot(d3, self.W2[0:self.n_hid].T), self.soft_rectifier_prime(self.z2))
        dJdW1 = np.dot(self.X_one.T, d2)
        return (dJdW1, dJdW2)

    def entropy_prop(self, X, y):
        self.y_hat = self.forward(X)
        cost_grad = np.add(np.divide(y + 0.0, self.y_hat + 0.0), -1 * np.divide(1.0 - y, 1.0 - self.y_hat))
        d3 = np.multiply(cost_grad, self.sigmoid_prime(self.z3))
        dJdW2 = np.dot(self.a2_one.T, d3)
        d2 = np.multiply(np.dot(d3, self.W2[0:self.n_hid].T), self.soft_rectifier_prime(self.z2))
        dJdW1 = np.dot(self.X_one.T, d2)
        return (dJdW1, dJdW2)

    def train(self, X, y, error="square"):
        for k in range(X.shape[0]):
            i = random.choice(range(X.shape[0]))
            Xin = np.reshape(X[i], (1, X[i].shape[0]))
            Yin = np.reshape(y[i], (1, y[i].shape[0]))
            if error == "square":
                dJdW1, dJdW2 = self.squares_prop(Xin, Yin)
            else:
                dJdW1, dJdW2 = self.entropy_prop(Xin, Yin)
            self.W1 = self.W1 - self.alpha * dJdW1
            self.W2 = self.W2 - self.alpha * dJdW2
        return

    def score(self, X, y):
        return np.mean(np.argmax(self.forward(X), axis=1) == np.argmax(y, axis=1))
