import numpy as np


def expit(z):
    return 1 / (1 + np.exp(-z))


class Network:
    def __init__(self, n_input, n_hidden, n_output):
        rng = np.random.RandomState(0)
        hidden = rng.random_sample((n_hidden, n_input + 1)) / n_hidden
        output = rng.random_sample((n_output, n_hidden + 1)) / n_output
        self.layers = [hidden, output]
        self.iteration = 0.0

    def feed_forward(self, vector):
        outputs = []
        for layer in self.layers:
            vector = expit(np.inner(layer, np.append(vector, 1)))
            outputs.append(vector)
        return outputs

    def backpropagate(self, vector, target):
        c = 1.0 / (self.iteration + 10)
        hidden, output = self.feed_forward(vector)

        d_output = output * (1 - output) * (output - target)
        self.layers[-1] -= c * np.outer(d_output, np.append(hidden, 1))

        d_hidden = hidden * (1 - hidden) * np.dot(np.delete(self.layers[-1], 2, 1).T, d_output)
        self.layers[0] -= c * np.outer(d_hidden, np.append(vector, 1))

    def train(self, inputs, targets, rounds=10):
        for _ in range(rounds):
            for vector, target in zip(inputs, targets):
                self.backpropagate(vector, target)
            self.iteration += 1.0

    def predict(self, vector):
        return np.argmax(self.feed_forward(vector)[-1])
