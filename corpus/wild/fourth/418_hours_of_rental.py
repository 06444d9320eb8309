import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.hidden_nodes = hidden_nodes
        self.output_nodes = output_nodes
        rng = np.random.RandomState(0)
        self.w_input_hidden = rng.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.w_hidden_output = rng.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.squash = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        n_rows = features.shape[0]
        change_i_h = np.zeros(self.w_input_hidden.shape)
        change_h_o = np.zeros(self.w_hidden_output.shape)
        for X, y in zip(features, targets):
            outputs, hidden = self.forward_train(X)
            change_i_h, change_h_o = self.backpropagation(
                outputs, hidden, X, y, change_i_h, change_h_o)
        self.update_weights(change_i_h, change_h_o, n_rows)

    def forward_train(self, X):
        hidden = self.squash(X @ self.w_input_hidden)
        outputs = hidden @ self.w_hidden_output
        return outputs, hidden

    def backpropagation(self, outputs, hidden, X, y, change_i_h, change_h_o):
        error = y - outputs
        output_term = error
        hidden_error = output_term @ self.w_hidden_output.T
        hidden_term = hidden_error * hidden * (1 - hidden)
        change_i_h += hidden_term * X[:, None]
        change_h_o += output_term * hidden[:, None]
        return change_i_h, change_h_o

    def update_weights(self, change_i_h, change_h_o, n_rows):
        self.w_hidden_output += self.lr * change_h_o / n_rows
        self.w_input_hidden += self.lr * change_i_h / n_rows

    def run(self, features):
        hidden = self.squash(np.dot(features, self.w_input_hidden))
        return np.dot(hidden, self.w_hidden_output)
