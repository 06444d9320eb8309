import numpy as np


class Network:
    def __init__(self, input_size, hidden_size, output_size):
        rng = np.random.RandomState(0)
        self.weights_input_hidden = rng.random_sample((input_size, hidden_size))
        self.weights_hidden_output = rng.random_sample((hidden_size, output_size))
        self.bias_hidden = np.zeros((1, hidden_size))
        self.bias_output = np.zeros((1, output_size))

    def squash(self, x):
        return 1 / (1 + np.exp(-x))

    def slope(self, a):
        return a * (1 - a)

    def feedforward(self, X):
        self.hidden_sum = np.dot(X, self.weights_input_hidden) + self.bias_hidden
        self.hidden_output = self.squash(self.hidden_sum)
        self.output_sum = np.dot(self.hidden_output, self.weights_hidden_output) + self.bias_output
        self.final_output = self.squash(self.output_sum)
        return self.final_output

    def backward(self, X, y, learning_rate=0.01):
        output_error = y - self.final_output
        output_delta = output_error * self.slope(self.final_output)
        hidden_error = np.dot(output_delta, self.weights_hidden_output.T)
        hidden_delta = hidden_error * self.slope(self.hidden_output)
        self.weights_hidden_output += np.dot(self.hidden_output.T, output_delta) * learning_rate
        self.bias_output += np.sum(output_delta, axis=0, keepdims=True) * learning_rate
        self.weights_input_hidden += np.dot(X.T, hidden_delta) * learning_rate
        self.bias_hidden += np.sum(hidden_delta, axis=0, keepdims=True) * learning_rate
