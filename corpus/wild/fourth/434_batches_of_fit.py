import numpy as np


def relu(z, slope=False):
    if slope:
        return np.where(z > 0, 1, 0)
    return np.maximum(z, 0)


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


def one_hot(y, num_classes=3):
    y_hot = np.zeros((len(y), num_classes))
    y_hot[range(y.shape[0]), y] = 1
    return y_hot


class DigitNet:
    def __init__(self, n_in, n_hidden, n_out):
        rng = np.random.RandomState(0)
        self.w1 = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_hidden))
        self.b1 = np.zeros(n_hidden)
        self.w2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_hidden, n_out))
        self.b2 = np.zeros(n_out)

    def fit(self, X, y, lr=0.1, epochs=100, batch_size=32, verbose=True):
        N = X.shape[0]
        for epoch in range(epochs):
            order = np.random.permutation(N)
            X, y = X[order], y[order]
            y_hot = one_hot(y)

            for i in range(0, N, batch_size):
                X_part, y_part = X[i:i + batch_size], y[i:i + batch_size]
                hot_part = one_hot(y_part, num_classes=self.w2.shape[1])

                z1 = np.dot(X_part, self.w1) + self.b1
                h1 = relu(z1)
                z2 = np.dot(h1, self.w2) + self.b2
                h2 = softmax(z2)

                dz2 = h2 - hot_part
                dw2 = np.dot(h1.T, dz2)
                db2 = np.sum(dz2, axis=0)

                dh1 = np.dot(dz2, self.w2.T)
                dz1 = dh1 * relu(z1, slope=True)
                dw1 = np.dot(X_part.T, dh1)
                db1 = np.sum(dz1, axis=0)

                self.w2 = self.w2 - lr * dw2
                self.b2 = self.b2 - lr * db2
                self.w1 = self.w1 - lr * dw1
                self.b1 = self.b1 - lr * db1

            if verbose and epoch % 10 == 0:
                y_hat = self.forward(X)
                print("Epoch", epoch, "cross-entropy", -np.sum(y_hot * np.log(y_hat)) / N)

    def forward(self, x):
        x = relu(np.dot(x, self.w1) + self.b1)
        return softmax(np.dot(x, self.w2) + self.b2)

    def predict(self, x):
        return np.argmax(self.forward(x), 1)
