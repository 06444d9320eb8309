import numpy as np


class DigitNet:
    def __init__(self, layers):
        self.layers = layers
        self.W = [np.random.randn(i, j) * np.sqrt(2 / i) for i, j in zip(layers[:-1], layers[1:])]
        self.B = [np.zeros(i) for i in layers[1:]]

    def train(self, X_train, y_train, batch_size, lr):
        total = 0
        for i in range(0, len(X_train) - len(X_train) % batch_size, batch_size):
            X_batch = X_train[i:i + batch_size]
            y_batch = y_train[i:i + batch_size]
            Z, y_hat = self.forward(X_batch)

            y_true = np.zeros((batch_size, self.layers[-1]))
            y_true[np.arange(batch_size), y_batch] = 1
            total += xent(y_true, y_hat) / batch_size

            dW, dB = self.backprop(Z, y_true, y_hat)
            self.step(lr, dW, dB)
        return total / (len(X_train) / batch_size)

    def forward(self, X):
        n = X.shape[0]
        Z = [np.zeros((n, c)) for c in self.layers]
        Z[0] = X
        for i in range(len(self.layers) - 2):
            Z[i + 1] = relu(Z[i] @ self.W[i] + self.B[i])
        Z[3] = Z[2] @ self.W[2] + self.B[2]
        return Z, softmax(Z[3])

    def backprop(self, Z, y_true, y_hat):
        dZ = [np.zeros_like(z) for z in Z]
        dW = [np.zeros_like(w) for w in self.W]
        dB = [np.zeros_like(b) for b in self.B]

        # output layer: dLoss/dsoftmax * dsoftmax/dZ
        dZ[-1] = (y_hat - y_true) * y_hat * (1 - y_hat)
        dW[-1] = (dZ[-1].T @ Z[-2]).T
        dB[-1] = np.sum(dZ[-1], axis=0)

        # hidden layers
        for i in range(-2, -len(self.layers), -1):
            dZ[i] = (self.W[i + 1] @ dZ[i + 1].T).T * relu_slope(Z[i])
            dW[i] = (dZ[i].T @ Z[i - 1]).T
            dB[i] = np.sum(dZ[i], axis=0)
        return dW, dB

    def step(self, lr, dW, dB):
        for i in range(len(self.layers) - 1):
            self.W[i] -= lr * dW[i]
            self.B[i] -= lr * dB[i]


def relu(X):
    return np.where(X > 0, X, 0)


def relu_slope(X):
    return np.where(X > 0, 1, 0)


def xent(y_true, y_hat):
    return -np.sum(y_true * np.log(y_hat + 1e-8))


def softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)
