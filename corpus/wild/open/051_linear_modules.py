import numpy as np


class LinearLayer:
    def __init__(self, n_in, n_out):
        self.weights = np.random.RandomState(n_in).normal(0, 1, size=(n_in, n_out))
        self.biases = np.zeros(n_out)

    def forward(self, x):
        self.latest_input = x
        return np.matmul(x, self.weights) + self.biases

    def backward(self, grad):
        self.biases_grad = grad.sum(axis=0)
        self.weights_grad = np.matmul(self.latest_input.T, grad)
        return np.matmul(grad, self.weights.T)

    def step(self, lr):
        self.weights -= self.weights_grad * lr / self.latest_input.shape[0]
        self.biases -= self.biases_grad * lr / self.latest_input.shape[0]


class ReLU:
    def forward(self, x):
        self.latest_input = x
        x[x < 0] = 0.0
        return x

    def backward(self, grad):
        grad[self.latest_input <= 0] = 0.0
        return grad

    def step(self, *args):
        pass


class CrossEntropyLoss:
    def forward(self, x, labels):
        self.latest_input = x
        self.labels = labels
        return -1.0 * np.log(self.softmax(x)[np.arange(len(x)), labels] + np.finfo(float).eps)

    def backward(self):
        x = self.softmax(self.latest_input)
        x[np.arange(len(x)), self.labels] -= 1
        return x

    @staticmethod
    def softmax(x):
        x = x - np.max(x, axis=1).reshape(-1, 1)
        return np.exp(x) / np.sum(np.exp(x), axis=1).reshape(-1, 1)


class NN:
    def __init__(self, n_in, n_hidden, n_out, lr):
        self.lr = lr
        self.layers = [LinearLayer(n_in, n_hidden), ReLU(), LinearLayer(n_hidden, n_out)]
        self.loss_fn = CrossEntropyLoss()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        self.latest_output = x
        return x

    def backward(self, labels):
        loss = self.loss_fn.forward(self.latest_output, labels)
        grad = self.loss_fn.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        for layer in self.layers:
            layer.step(self.lr)
        return loss
