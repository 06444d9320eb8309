import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    return x * (1 - x)


class SmallNetwork:
    def __init__(self):
        self.n_in, self.n_hidden, self.n_out = 3, 3, 1
        zufall = np.random.RandomState(0)
        self.hidden_weights = zufall.uniform(size=(self.n_in, self.n_hidden))
        self.hidden_bias = zufall.uniform(size=(1, self.n_hidden))
        self.output_weights = zufall.uniform(size=(self.n_hidden, self.n_out))
        self.output_bias = zufall.uniform(size=(1, self.n_out))

    def train(self, inputs, expected, epochs=10000, lr=0.1):
        for _ in range(epochs):
            # vorwärts
            hidden_sum = np.dot(inputs, self.hidden_weights)
            hidden_sum += self.hidden_bias
            hidden = sigmoid(hidden_sum)
            output_sum = np.dot(hidden, self.output_weights)
            output_sum += self.output_bias
            predicted = sigmoid(output_sum)

            # rückwärts
            error = expected - predicted
            d_predicted = error * sigmoid_slope(predicted)
            hidden_error = d_predicted.dot(self.output_weights.T)
            d_hidden = hidden_error * sigmoid_slope(hidden)

            self.output_weights += hidden.T.dot(d_predicted) * lr
            self.output_bias += np.sum(d_predicted, axis=0, keepdims=True) * lr
            self.hidden_weights += inputs.T.dot(d_hidden) * lr
            self.hidden_bias += np.sum(d_hidden, axis=0, keepdims=True) * lr

    def predict(self, input_data):
        hidden = sigmoid(np.dot(input_data, self.hidden_weights) + self.hidden_bias)
        return sigmoid(np.dot(hidden, self.output_weights) + self.output_bias)
