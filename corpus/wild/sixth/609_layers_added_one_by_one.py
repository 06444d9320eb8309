import numpy as np


def rectify(x):
    return np.maximum(0, x)


def rectify_slope(x):
    return (x > 0).astype(float)


def logistic(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def logistic_slope(x):
    s = logistic(x)
    return s * (1 - s)


def soft_max(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def entropy(guess, truth):
    guess = np.clip(guess, 1e-15, 1 - 1e-15)
    return -np.mean(np.sum(truth * np.log(guess), axis=1))


class Connected:
    def __init__(self, n_in, n_out, kind='relu'):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2.0 / n_in)
        self.b = np.zeros((1, n_out))
        self.kind = kind
        self.x = self.z = self.out = None
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        self.z = np.dot(x, self.W) + self.b
        if self.kind == 'relu':
            self.out = rectify(self.z)
        elif self.kind == 'sigmoid':
            self.out = logistic(self.z)
        elif self.kind == 'softmax':
            self.out = soft_max(self.z)
        else:
            self.out = self.z
        return self.out

    def backward(self, d_out, rate):
        n = self.x.shape[0]
        if self.kind == 'relu':
            dz = d_out * rectify_slope(self.z)
        elif self.kind == 'sigmoid':
            dz = d_out * logistic_slope(self.z)
        elif self.kind == 'softmax':
            dz = d_out  # with the entropy, guess - truth comes in already
        else:
            dz = d_out
        self.dW = np.dot(self.x.T, dz) / n
        self.db = np.mean(dz, axis=0, keepdims=True)
        d_in = np.dot(dz, self.W.T)
        self.W -= rate * self.dW
        self.b -= rate * self.db
        return d_in


class Net:
    def __init__(self):
        self.layers = []

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, guess, truth, rate):
        d_out = guess - truth
        for layer in reversed(self.layers):
            d_out = layer.backward(d_out, rate)

    def train(self, X, y, epochs=100, rate=0.01, batch=32):
        history = []
        for epoch in range(epochs):
            order = np.random.permutation(len(X))
            X_mixed, y_mixed = X[order], y[order]
            total, n_batches = 0, 0
            for i in range(0, len(X), batch):
                X_part, y_part = X_mixed[i:i + batch], y_mixed[i:i + batch]
                guess = self.forward(X_part)
                total += entropy(guess, y_part)
                n_batches += 1
                self.backward(guess, y_part, rate)
            history.append(total / n_batches)
        return history


def spiral_net():
    net = Net()
    net.add(Connected(2, 5, kind='relu'))
    net.add(Connected(5, 4, kind='relu'))
    net.add(Connected(4, 3, kind='softmax'))
    return net
