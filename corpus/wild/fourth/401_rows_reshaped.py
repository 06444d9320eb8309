import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def deriv_sigmoid(x):
    s = sigmoid(x)
    return s * (1 - s)


def mse_loss(y_true, y_pred):
    return ((y_true - y_pred) ** 2).mean()


class NeuralNetwork:
    def __init__(self, layer_sizes):
        rng = np.random.RandomState(0)
        self.layer_sizes = layer_sizes
        self.weights = []
        self.biases = []
        for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
            self.weights.append(rng.randn(n_in, n_out) * 0.01)
            self.biases.append(np.zeros((1, n_out)))

    def feedforward(self, x):
        a = np.array(x).reshape(1, -1)
        for weight, bias in zip(self.weights, self.biases):
            a = sigmoid(np.dot(a, weight) + bias)
        return a

    def train(self, data, all_y_trues, learn_rate=0.1, epochs=30000):
        for epoch in range(epochs):
            for x, y_true in zip(data, all_y_trues):
                activations = [np.array(x).reshape(1, -1)]
                sums = []
                for weight, bias in zip(self.weights, self.biases):
                    sums.append(np.dot(activations[-1], weight) + bias)
                    activations.append(sigmoid(sums[-1]))

                delta = -2 * (y_true - activations[-1]) * deriv_sigmoid(sums[-1])
                deltas = [delta]
                for i in range(len(self.weights) - 2, -1, -1):
                    delta = np.dot(deltas[0], self.weights[i + 1].T) * deriv_sigmoid(sums[i])
                    deltas.insert(0, delta)

                for i in range(len(self.weights)):
                    self.weights[i] -= learn_rate * np.dot(activations[i].T, deltas[i])
                    self.biases[i] -= learn_rate * deltas[i]

            if epoch % 100 == 0:
                y_preds = np.apply_along_axis(self.feedforward, 1, data).flatten()
                print("Epoch", epoch, "loss", mse_loss(all_y_trues, y_preds))

    def predict(self, x):
        return self.feedforward(x)[0][0]
