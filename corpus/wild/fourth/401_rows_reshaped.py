import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    s = sigmoid(x)
    return s * (1 - s)


def mse(target, y_pred):
    return ((target - y_pred) ** 2).mean()


class NeuralNetwork:
    def __init__(self, layer_sizes):
        rng = np.random.RandomState(0)
        self.layer_sizes = layer_sizes
        self.weights = []
        self.biases = []
        for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
            self.weights.append(rng.randn(n_in, n_out) * 0.01)
            self.biases.append(np.zeros((1, n_out)))

    def feed_forward(self, x):
        a = np.array(x).reshape(1, -1)
        for weight, bias in zip(self.weights, self.biases):
            a = sigmoid(np.dot(a, weight) + bias)
        return a

    def train(self, data, all_targets, rate=0.1, epochs=30000):
        for epoch in range(epochs):
            for x, target in zip(data, all_targets):
                activations = [np.array(x).reshape(1, -1)]
                weighted_sums = []
                for weight, bias in zip(self.weights, self.biases):
                    weighted_sums.append(np.dot(activations[-1], weight) + bias)
                    activations.append(sigmoid(weighted_sums[-1]))

                delta = -2 * (target - activations[-1]) * sigmoid_slope(weighted_sums[-1])
                deltas = [delta]
                for i in range(len(self.weights) - 2, -1, -1):
                    delta = np.dot(deltas[0], self.weights[i + 1].T) * sigmoid_slope(weighted_sums[i])
                    deltas.insert(0, delta)

                for i in range(len(self.weights)):
                    self.weights[i] -= rate * np.dot(activations[i].T, deltas[i])
                    self.biases[i] -= rate * deltas[i]

            if epoch % 100 == 0:
                predictions = np.apply_along_axis(self.feed_forward, 1, data).flatten()
                print("Epoch", epoch, "loss", mse(all_targets, predictions))

    def predict(self, x):
        return self.feed_forward(x)[0][0]
