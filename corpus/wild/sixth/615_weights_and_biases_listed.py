import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class ThreeLayerPerceptron:
    def __init__(self, n_feats, n_hidden, n_out, eta=0.1, max_epoch=3000, threshold=0.08):
        self.eta = eta
        self.max_epoch = max_epoch
        self.threshold = threshold
        self.weights = [np.random.randn(n_feats, n_hidden),
                        np.random.randn(n_hidden, n_hidden),
                        np.random.randn(n_hidden, n_out)]
        self.biases = [np.random.randn(n_hidden), np.random.randn(n_hidden), np.random.randn(n_out)]

    def forward(self, x):
        self.a = [x]
        z1 = np.matmul(self.a[-1][np.newaxis, :], self.weights[0]) + self.biases[0]
        self.a.append(sigmoid(z1))
        z2 = np.matmul(self.a[-1], self.weights[1]) + self.biases[1]
        self.a.append(sigmoid(z2))
        z3 = np.matmul(self.a[-1], self.weights[2]) + self.biases[2]
        self.a.append(sigmoid(z3))
        return self.a[-1]

    def loss(self, y_hat, y):
        return np.sum((y_hat - y) ** 2)

    def backward(self, x, y, y_hat):
        d = 2 * (y_hat - y)  # by the outputs
        dweights = [None] * len(self.weights)
        dbiases = [None] * len(self.biases)

        dweights[2] = np.matmul(self.a[2].T, d)
        dbiases[2] = np.sum(d, axis=0)
        d = np.matmul(d, self.weights[2].T) * self.a[2] * (1 - self.a[2])

        dweights[1] = np.matmul(self.a[1].T, d)
        dbiases[1] = np.sum(d, axis=0)
        d = np.matmul(d, self.weights[1].T) * self.a[1] * (1 - self.a[1])

        dweights[0] = np.matmul(self.a[0][np.newaxis, :].T, d)
        dbiases[0] = np.sum(d, axis=0)
        return dweights, dbiases

    def train(self, x, y):
        for epoch in range(self.max_epoch):
            sse = 0
            for i in np.random.permutation(len(x)):
                y_hat = self.forward(x[i])
                sse += self.loss(y_hat, y[i])
                dweights, dbiases = self.backward(x[i], y[i], y_hat)
                for j in range(len(self.weights)):
                    self.weights[j] -= self.eta * dweights[j]
                    self.biases[j] -= self.eta * dbiases[j]
            if sse / len(x) < self.threshold:
                break
