import numpy as np


class Network:
    def __init__(self, layers, rate=0.2):
        rng = np.random.RandomState(0)
        self.w = [rng.random_sample((layers[i + 1], layers[i])) for i in range(len(layers) - 1)]
        self.b = [rng.random_sample((layers[i + 1], 1)) for i in range(len(layers) - 1)]
        self.lr = rate
        self.len = len(layers)
        self.z = [None] * self.len
        self.dz = [None] * self.len
        self.a = [None] * self.len
        self.dw = [None] * self.len
        self.db = [None] * self.len

    def feed_forward(self, inputs):
        self.a[0] = inputs
        for i in range(1, self.len):
            self.z[i] = np.add(np.dot(self.w[i - 1], self.a[i - 1]), self.b[i - 1])
            self.a[i] = self.ramp(self.z[i])
        return self.a[self.len - 1]

    def backwards(self, wanted):
        last = self.len - 1
        m = wanted.shape[1]
        for i in range(last, 0, -1):
            if i == last:
                self.dz[last] = self.a[last] - wanted
            else:
                self.dz[i] = np.dot(self.w[i].T, self.dz[i + 1])
                self.dz[i] *= self.ramp_slope(self.z[i])
            self.dw[i] = (1 / m) * np.dot(self.dz[i], self.a[i - 1].T)
            self.db[i] = (1 / m) * np.sum(self.dz[i], axis=1, keepdims=True)
        for n in range(1, last):
            self.w[n] -= self.lr * self.dw[n + 1]
            self.b[n] -= self.lr * self.db[n + 1]

    def ramp(self, matrix):
        for i in range(len(matrix)):
            for j in range(len(matrix[i])):
                matrix[i][j] = 0 if matrix[i][j] < 0 else matrix[i][j]
        return matrix

    def ramp_slope(self, matrix):
        for i in range(len(matrix)):
            for j in range(len(matrix[i])):
                matrix[i][j] = 0 if matrix[i][j] <= 0 else 1
        return matrix
