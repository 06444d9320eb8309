import numpy as np


class Net():
    def __init__(self, layers):
        self.layers = layers

    def forward(self, matrix):
        values = matrix
        for layer in self.layers:
            values = layer.forward(values)
        self.y_hat = values
        return self.y_hat

    def backward(self, true, criterion):
        loss, slope = criterion.forward(self.y_hat, true)
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        return loss

    def update(self, rate):
        for layer in reversed(self.layers):
            layer.update(rate)


class Linear:
    def __init__(self, n_in, n_out):
        self.trainable = True
        self.weights = np.random.randn(n_in, n_out)
        self.bias = np.zeros(n_out)

    def forward(self, matrix):
        self.inputs = matrix
        return matrix @ self.weights + self.bias

    def backward(self, slope):
        self.dweights = self.inputs.T @ slope / len(self.inputs)
        self.dbias = np.mean(slope, axis=0)
        return slope @ self.weights.T

    def update(self, rate):
        self.weights -= rate * self.dweights
        self.bias -= rate * self.dbias


class Rectifier:
    def __init__(self):
        self.trainable = False

    def forward(self, x):
        self.inputs = x
        return np.maximum(0, x)

    def backward(self, slope):
        return slope * (self.inputs > 0)

    def update(self, rate):
        pass


class HyperTan:
    def __init__(self):
        self.trainable = False

    def forward(self, x):
        self.output = np.tanh(x)
        return self.output

    def backward(self, slope):
        return slope * (1 - self.output ** 2)

    def update(self, rate):
        pass


class SoftMax:
    def __init__(self):
        self.trainable = False

    def forward(self, x):
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        self.output = e / np.sum(e, axis=1, keepdims=True)
        return self.output

    def backward(self, slope):
        return slope

    def update(self, rate):
        pass


class Categorical:
    def forward(self, y_hat, y):
        loss = -np.mean(np.sum(y * np.log(y_hat), axis=1))
        return loss, y_hat - y


network = Net([Linear(3, 5), Rectifier(), Linear(5, 4), HyperTan(), Linear(4, 3), SoftMax()])
criterion = Categorical()


def train(X, Y, rounds, rate=0.01):
    for i in range(rounds):
        network.forward(X)
        loss = network.backward(Y, criterion)
        network.update(rate)
        if i % 100 == 0:
            print(f"step {i}, loss {loss:.4f}")
