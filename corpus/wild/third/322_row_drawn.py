import numpy as np


def tanh(x):
    return np.tanh(x)


def tanh_prime(a):
    return 1.0 - a**2


class NeuralNetwork:
    def __init__(self, layers):
        self.activation = tanh
        self.activation_prime = tanh_prime
        # every layer but the last has one more unit, for the bias
        self.weights = []
        for i in range(1, len(layers) - 1):
            self.weights.append(2 * np.random.random((layers[i - 1] + 1, layers[i] + 1)) - 1)
        self.weights.append(2 * np.random.random((layers[i] + 1, layers[i + 1])) - 1)

    def fit(self, X, y, learning_rate=0.2, epochs=100000):
        ones = np.atleast_2d(np.ones(X.shape[0]))
        X = np.concatenate((ones.T, X), axis=1)
        for k in range(epochs):
            drawn = np.random.randint(X.shape[0])
            a = [X[drawn]]
            for w in self.weights:
                a.append(self.activation(np.dot(a[-1], w)))
            deltas = [(y[drawn] - a[-1]) * self.activation_prime(a[-1])]
            for level in range(len(a) - 2, 0, -1):
                deltas.append(deltas[-1].dot(self.weights[level].T) * self.activation_prime(a[level]))
            deltas.reverse()
            for i in range(len(self.weights)):
                came = np.atleast_2d(a[i])
                delta = np.atleast_2d(deltas[i])
                self.weights[i] += learning_rate * came.T.dot(delta)

    def predict(self, x):
        a = np.concatenate((np.ones(1), np.array(x)))
        for w in self.weights:
            a = self.activation(np.dot(a, w))
        return a
