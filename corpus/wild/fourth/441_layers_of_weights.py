import numpy as np


class NeuralNetwork:
    def __init__(self, n_input, n_hidden, n_layers, n_output, lr, activation_function="sigmoid"):
        rng = np.random.RandomState(0)
        self.alpha = lr
        self.activation_function = activation_function
        self.layer_weights = []
        self.layer_weights.append(rng.rand(n_hidden, n_input))
        for i in range(n_layers - 1):
            self.layer_weights.append(rng.rand(n_hidden, n_hidden))
        self.layer_weights.append(rng.rand(n_output, n_hidden))

        self.biases = []
        for hl in range(n_layers + 1):
            self.biases.append(np.zeros(n_hidden))
        self.biases.append(np.zeros(n_output))

    def activation(self, x):
        if self.activation_function == "sigmoid":
            exp = np.exp(x)
            return exp / (exp + 1)
        elif self.activation_function == "tanh":
            return np.tanh(x)

    def activation_slope(self, x):
        if self.activation_function == "sigmoid":
            sig = self.activation(x)
            return sig * (1 - sig)
        elif self.activation_function == "tanh":
            return 1 - np.square(np.tanh(x))

    def feed_forward(self, input):
        self.given = input
        self.hidden_sums = []
        self.hidden_sums.append(np.dot(self.layer_weights[0], self.given))
        for hidden_layer in range(1, len(self.layer_weights) - 1):
            before = self.activation(self.hidden_sums[hidden_layer - 1])
            self.hidden_sums.append(np.dot(self.layer_weights[hidden_layer], before) + self.biases[hidden_layer])
        self.output_sum = np.dot(self.layer_weights[-1], self.activation(self.hidden_sums[-1])) + self.biases[-1]
        return self.activation(self.output_sum)

    def back_propagate(self, y):
        output_error = np.multiply((self.activation(self.output_sum) - y), self.activation_slope(self.output_sum))

        hidden_error = np.zeros([len(self.hidden_sums), len(self.hidden_sums[0])])
        back = np.dot(self.layer_weights[-1].transpose(), output_error)
        hidden_error[-1] = np.multiply(back, self.activation_slope(self.hidden_sums[-1]))
        for i in range(len(hidden_error) - 1):
            hidden_layer = len(hidden_error) - i - 2
            back = np.dot(self.layer_weights[hidden_layer + 1].transpose(), hidden_error[hidden_layer + 1])
            hidden_error[hidden_layer] = np.multiply(back, self.activation_slope(self.hidden_sums[hidden_layer]))

        column = np.reshape(hidden_error[0], (len(hidden_error[0]), -1))
        row = np.reshape(self.activation(self.given), (len(self.given), -1)).transpose()
        self.layer_weights[0] -= self.alpha * np.dot(column, row)
        self.biases[0] -= self.alpha * hidden_error[0]

        for layer in range(1, len(self.layer_weights) - 1):
            before = self.activation(self.hidden_sums[layer - 1])
            self.layer_weights[layer] -= self.alpha * np.dot(hidden_error[layer], before.transpose())
            self.biases[layer] -= self.alpha * hidden_error[layer]

        column = np.reshape(output_error, (len(output_error), -1))
        row = np.reshape(self.activation(self.hidden_sums[-1]), (len(self.hidden_sums[-1]), -1)).transpose()
        self.layer_weights[-1] -= self.alpha * np.dot(column, row)
        self.biases[-1] -= self.alpha * output_error

    def train(self, train_data, labels, iterations):
        for iteration in range(iterations):
            for i in range(len(train_data)):
                self.feed_forward(train_data[i])
                self.back_propagate(labels[i])

    def predict(self, input):
        return self.feed_forward(input)

    def loss_function(self, x, y):
        return np.sum(0.5 * (x - y) ** 2) / len(x)
