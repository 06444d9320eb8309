import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def mse(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


class NeuralNetwork:
    def __init__(self, input_size, hidden_size, output_size):
        rng = np.random.RandomState(42)
        self.weights1 = rng.randn(input_size, hidden_size) * 0.1
        self.weights2 = rng.randn(hidden_size, output_size) * 0.1
        self.bias1 = rng.randn(1, hidden_size) * 0.1
        self.bias2 = rng.randn(1, output_size) * 0.1
        self.kept = {"dW1": [], "db1": [], "dW2": [], "db2": [], "length": []}

    def forward(self, X):
        self.hidden_sum = np.dot(X, self.weights1) + self.bias1
        self.hidden = sigmoid(self.hidden_sum)
        self.output_sum = np.dot(self.hidden, self.weights2) + self.bias2
        return self.output_sum, self.hidden

    def backward(self, X, y, output, hidden, learning_rate=0.01):
        m = X.shape[0]
        residual = output - y
        dW2 = np.dot(hidden.T, residual) / m
        db2 = np.sum(residual, axis=0, keepdims=True) / m

        hidden_residual = np.dot(residual, self.weights2.T) * sigmoid_slope(self.hidden_sum)
        dW1 = np.dot(X.T, hidden_residual) / m
        db1 = np.sum(hidden_residual, axis=0, keepdims=True) / m

        found = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
        magnitude = np.sqrt(sum(np.sum(g**2) for g in found.values()))
        self.kept["length"].append(magnitude)
        for name, g in found.items():
            self.kept[name].append(np.mean(np.abs(g)))

        self.weights1 -= learning_rate * dW1
        self.bias1 -= learning_rate * db1
        self.weights2 -= learning_rate * dW2
        self.bias2 -= learning_rate * db2

    def train(self, X, y, epochs=1000, learning_rate=0.01, verbose=100):
        losses = []
        for epoch in range(epochs):
            output, hidden = self.forward(X)
            losses.append(mse(y, output))
            self.backward(X, y, output, hidden, learning_rate)
            if verbose and epoch % verbose == 0:
                print("Epoch", epoch, "loss", losses[-1])
        return losses
