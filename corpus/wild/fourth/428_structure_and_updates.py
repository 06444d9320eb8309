import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * (1.0 - sigmoid(x))


def softmax(x):
    return np.exp(np.array(x)) / np.sum(np.exp(np.array(x)))


def softmax_slope(x):
    return softmax(x) * (1.0 - softmax(x))


class NeuralNetwork:
    def __init__(self, sizes):
        self.act = sigmoid
        self.act_slope = sigmoid_slope
        self.output_squash = softmax
        self.output_slope = softmax_slope
        self.n_layers = len(sizes)
        rng = np.random.RandomState(0)
        self.W = []
        self.Change = []
        self.outs = [np.zeros((0, 0)) for _ in range(self.n_layers - 1)]
        for i in range(self.n_layers - 1):
            self.W.append(rng.randn(sizes[i], sizes[i + 1]) / np.sqrt(sizes[i]))
            self.Change.append(0)

    def forward_propagate(self, X):
        self.outs[0] = X
        for i in range(self.n_layers - 2):
            self.outs[i + 1] = self.act(np.dot(self.outs[i], self.W[i]))
        return self.output_squash(np.dot(self.outs[self.n_layers - 2], self.W[self.n_layers - 2]))

    def back_propagate(self, X, Y, epochs=10, learning_rate=0.2):
        for k in range(epochs):
            print(k)
            for i in range(X.shape[0]):
                y_out = self.forward_propagate(X[i])
                last = np.multiply(self.output_slope(y_out), Y[i] - y_out)

                deltas = [np.zeros((0, 0)) for _ in range(self.n_layers - 1)]
                deltas[self.n_layers - 2] = last
                for j in range(self.n_layers - 3, -1, -1):
                    deltas[j] = np.multiply(self.act_slope(self.outs[j + 1]), np.dot(self.W[j + 1], deltas[j + 1]))

                for t in range(self.n_layers - 1):
                    self.Change[t] = np.multiply(learning_rate, np.outer(self.outs[t], deltas[t]))
                for t in range(self.n_layers - 1):
                    self.W[t] += self.Change[t]

    def predict(self, X):
        Y = np.zeros([X.shape[0], self.W[-1].shape[1]])
        for i in range(0, X.shape[0]):
            Y[i] = self.forward_propagate(X[i])
        return Y
