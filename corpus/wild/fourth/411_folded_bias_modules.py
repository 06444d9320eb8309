import numpy as np


def drawn(shape):
    M, D = shape
    np.random.seed(M * D)
    return np.random.uniform(low=-0.1, high=0.1, size=shape)


class SoftMaxCrossEntropy:
    def _softmax(self, z):
        exp_z = np.exp(z - np.max(z))
        return exp_z / np.sum(exp_z)

    def _cross_entropy(self, y, y_hat):
        return -np.log(y_hat[y] + 1e-15)

    def forward(self, z, y):
        y_hat = self._softmax(z)
        return y_hat, self._cross_entropy(y, y_hat)

    def backward(self, y, y_hat):
        grad = y_hat.copy()
        grad[y] -= 1
        return grad


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dz):
        return dz * self.out * (1 - self.out)


class Linear:
    def __init__(self, input_size, output_size, draw, learning_rate):
        self.lr = learning_rate
        self.w = draw((output_size, input_size + 1))
        self.w[:, 0] = 0.0
        self.dw = np.zeros_like(self.w)
        self.cache = {}

    def forward(self, x):
        self.cache["x_bias"] = np.insert(x, 0, 1)
        return np.dot(self.w, self.cache["x_bias"])

    def backward(self, dz):
        self.dw = np.outer(dz, self.cache["x_bias"])
        return np.dot(self.w.T, dz)[1:]

    def step(self):
        self.w -= self.lr * self.dw
        self.dw = np.zeros_like(self.w)


class Net:
    def __init__(self, input_size, hidden_size, output_size, draw, learning_rate):
        self.first = Linear(input_size, hidden_size, draw, learning_rate)
        self.sigmoid = Sigmoid()
        self.second = Linear(hidden_size, output_size, draw, learning_rate)
        self.criterion = SoftMaxCrossEntropy()

    def forward(self, x, y):
        a = self.first.forward(x)
        z = self.sigmoid.forward(a)
        b = self.second.forward(z)
        return self.criterion.forward(b, y)

    def backward(self, y, y_hat):
        db = self.criterion.backward(y, y_hat)
        dz = self.second.backward(db)
        da = self.sigmoid.backward(dz)
        self.first.backward(da)

    def step(self):
        self.first.step()
        self.second.step()

    def mean_loss(self, X, y):
        total = 0.0
        for i in range(X.shape[0]):
            total += self.forward(X[i], int(y[i]))[1]
        return total / X.shape[0]

    def train(self, X_tr, y_tr, n_epochs):
        train_losses = []
        for epoch in range(n_epochs):
            np.random.seed(epoch)
            order = np.random.permutation(len(y_tr))
            for x, label in zip(X_tr[order], y_tr[order]):
                y_hat, _ = self.forward(x, int(label))
                self.backward(int(label), y_hat)
                self.step()
            train_losses.append(self.mean_loss(X_tr, y_tr))
        return train_losses
