import numpy as np


class Checked:
    def __init__(self, sizes):
        self.L = len(sizes)
        self.sizes = sizes
        self.b = [np.random.randn(n, 1) for n in sizes[1:]]
        self.W = [np.random.randn(n, m) for m, n in zip(sizes[:-1], sizes[1:])]
        self.db = [np.zeros((n, 1)) for n in sizes[1:]]
        self.dW = [np.zeros((n, m)) for m, n in zip(sizes[:-1], sizes[1:])]
        self.z = [np.zeros((n, 1)) for n in sizes]
        self.a = [np.zeros((n, 1)) for n in sizes]

    def g(self, z):
        return 1.0 / (1.0 + np.exp(-z))

    def g_prime(self, z):
        return self.g(z) * (1.0 - self.g(z))

    def grad_loss(self, a, y):
        return a - y

    def forward_prop(self, x):
        if len(x.shape) == 1:
            x = x.reshape(-1, 1)
        self.a[0] = x
        for k in range(self.L - 1):
            self.z[k + 1] = np.dot(self.W[k], self.a[k]) + self.b[k]
            self.a[k + 1] = self.g(self.z[k + 1])

    def back_prop(self, x, y):
        if len(y.shape) == 1:
            y = y.reshape(-1, 1)
        self.forward_prop(x)
        deltas = [self.grad_loss(self.a[-1], y) * self.g_prime(self.z[-1])]
        for k in range(self.L - 2, 0, -1):
            deltas.append(np.dot(self.W[k].T, deltas[-1]) * self.g_prime(self.z[k]))
        deltas = deltas[::-1]
        for k in range(self.L - 1):
            self.dW[k] = np.dot(deltas[k], self.a[k].T)
            self.db[k] = deltas[k]

    def train(self, X, y, eta=0.25, rounds=10):
        order = list(range(X.shape[0]))
        for _ in range(rounds):
            np.random.shuffle(order)
            for i in order:
                self.back_prop(X[i], y[i])
                self.W = [self.W[k] - eta * self.dW[k] for k in range(self.L - 1)]
                self.b = [self.b[k] - eta * self.db[k] for k in range(self.L - 1)]

    def compute_loss(self, X, y):
        loss = 0
        if len(X.shape) == 1:
            X = X[np.newaxis, :]
        if len(y.shape) == 1:
            y = y[np.newaxis, :]
        for x, t in zip(X, y):
            self.forward_prop(x)
            if len(t.shape) == 1:
                t = t.reshape(-1, 1)
            loss += 0.5 * np.sum((self.a[-1] - t) ** 2)
        return loss / X.shape[0]

    def gradient_check(self, x, y, h=1e-5):
        for k in range(self.L - 1):
            for own, found in ((self.W[k], self.dW[k]), (self.b[k], self.db[k])):
                old = own.copy()
                for at in np.ndindex(own.shape):
                    own[at] = old[at] + h
                    above = self.compute_loss(x, y)
                    own[at] = old[at] - h
                    below = self.compute_loss(x, y)
                    assert abs(found[at] - (above - below) / (2 * h)) < 1e-5
                    own[at] = old[at]
